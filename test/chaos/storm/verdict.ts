import type { StormReport } from './storm.ts';

/** Model calls that a storm allows: one for each message, and one more for each whose outcome it destroyed. */
export function allowedModelCalls({ accepted, modelFaults, destroyedCalls }: StormReport): number {
  return accepted + Object.values(modelFaults).reduce((sum, count) => sum + count, 0) + destroyedCalls;
}

/** The promises that a storm broke, in words; none when all of them held. */
export function brokenPromises(report: StormReport): string[] {
  const { options, accepted, modelCalls, mischief } = report;
  const zero = ['withoutEnd', 'doubled', 'gaps', 'disordered', 'reused'] as const;
  const ends = Object.values(report.ends).reduce((sum, count) => sum + count, 0);
  const sent = Math.ceil(options.messages / options.sessions) * options.sessions;
  return [
    ...zero.filter((name) => report[name] !== 0).map((name) => `${name}: ${report[name]}`),
    ...(accepted === sent ? [] : [`${accepted} of ${sent} messages accepted`]),
    ...(ends === accepted ? [] : [`${ends} ends for ${accepted} messages`]),
    ...(modelCalls <= allowedModelCalls(report)
      ? []
      : [`${modelCalls} model calls, ${allowedModelCalls(report)} allowed`]),
    ...(report.deadLetters === options.poison
      ? []
      : [`${report.deadLetters} dead letters for ${options.poison} poison`]),
    ...(Object.keys(mischief.kills).length > 0 ? [] : ['nobody was killed']),
  ];
}
