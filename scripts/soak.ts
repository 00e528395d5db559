import { parseArgs } from 'node:util';
import { machine } from '../test/load/machine.ts';
import { soak } from '../test/load/soak/soak.ts';

/**
 * `npm run soak -- --minutes 30`: 100 sockets that ask every 20 s while lines are cut now and then. Prints a table, then
 * one line of JSON. Exits with 1 when something was lost, came twice, or memory grew.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    sockets: { type: 'string', default: '100' },
    every: { type: 'string', default: '20' },
    drops: { type: 'string', default: '0.05' },
  },
});

/** Growth from the middle of the run to its end that is still noise. */
const flat = 1.15;

console.log(`${machine()}\n`);
const result = await soak({
  minutes: Number(values.minutes),
  sockets: Number(values.sockets),
  everySeconds: Number(values.every),
  drops: Number(values.drops),
  say: console.log,
});
const { unanswered, doubled, gaps, reused, disordered, askedTwice, resident } = result;
const kept = unanswered + doubled + gaps + reused + disordered + askedTwice === 0;
const growth = (resident.at(-1) ?? 0) / (resident[Math.floor(resident.length / 2)] ?? 1);
console.log(
  `\n${kept ? 'Nothing lost, nothing twice' : 'PROMISES BROKEN'}; memory at the end over the middle: ${growth.toFixed(2)}`,
);
console.log(JSON.stringify(result));
process.exitCode = kept && growth <= flat ? 0 : 1;
