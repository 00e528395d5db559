import type { StormReport } from './storm.ts';

/** The promises that a storm broke, in words; none when all of them held. */
export function brokenPromises(report: StormReport): string[] {
  const { options, accepted, modelCalls, deadLetters, mischief } = report;
  const zero = ['withoutEnd', 'doubled', 'gaps', 'disordered', 'reused', 'unpushed'] as const;
  const ends = Object.values(report.ends).reduce((sum, count) => sum + count, 0);
  const sent = Math.ceil(options.messages / options.sessions) * options.sessions;
  const poison = 2 * options.poison;
  return [
    ...zero.filter((name) => report[name] !== 0).map((name) => `${name}: ${report[name]}`),
    ...(accepted === sent ? [] : [`${accepted} of ${sent} messages accepted`]),
    ...(ends === accepted ? [] : [`${ends} ends for ${accepted} messages`]),
    ...(modelCalls.needless === 0 ? [] : [`${modelCalls.needless} needless calls of the model`]),
    ...(deadLetters.poison === poison ? [] : [`${deadLetters.poison} dead letters for ${poison} poison`]),
    ...(deadLetters.other === 0 ? [] : [`${deadLetters.other} dead letters that were no poison`]),
    ...(Object.keys(mischief.kills).length > 0 ? [] : ['nobody was killed']),
  ];
}
