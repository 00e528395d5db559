import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from '../test/load/machine.ts';
import { soak } from '../test/load/soak/soak.ts';
import { writeSection } from './bench/document.ts';
import { exitOnSignals } from './exit-on-signals.ts';

/**
 * `npm run soak -- --minutes 30`: 100 sockets that ask every 20 s while lines are cut now and then. Prints a table, then
 * one line of JSON; `--doc` writes it into docs/benchmarks.md. Exits with 1 when something was lost, came twice, or memory grew.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    sockets: { type: 'string', default: '100' },
    every: { type: 'string', default: '20' },
    drops: { type: 'string', default: '0.05' },
    doc: { type: 'boolean', default: false },
  },
});
exitOnSignals();

/** Growth from the middle of the run to its end that is still noise. */
const flat = 1.15;

const printed: string[] = [];
const print = (line: string): void => {
  printed.push(line);
  console.log(line);
};
const { minutes, sockets, every, drops } = values;
const cut = `one line in ${(1 / Number(drops)).toFixed(0)} cut`;
print(`${minutes} minutes, ${sockets} sockets, a question each per ${every} s, ${cut}, model 500 ms;`);
print(`${new Date().toISOString().slice(0, 10)}: ${machine()}.\n`);
const result = await soak({
  minutes: Number(minutes),
  sockets: Number(sockets),
  everySeconds: Number(every),
  drops: Number(drops),
  say: print,
});
const { unanswered, doubled, gaps, reused, disordered, askedTwice, resident } = result;
const kept = unanswered + doubled + gaps + reused + disordered + askedTwice === 0;
const growth = (resident.at(-1) ?? 0) / (resident[Math.floor(resident.length / 2)] ?? 1);
const lost = `lost ${unanswered}, twice ${doubled}, gaps ${gaps}, out of order ${disordered}`;
const counts = `${result.asked} asked, ${result.drops} lines cut; ${lost}, asked of the model twice ${askedTwice}`;
print(`\n${kept ? 'Nothing lost, nothing twice' : 'PROMISES BROKEN'}: ${counts}.`);
print(`Memory at the end over the middle: ${growth.toFixed(2)}.`);
if (values.doc) writeSection(join(import.meta.dirname, '..', 'docs', 'benchmarks.md'), 'soak', printed.join('\n'));
console.log(JSON.stringify(result));
process.exitCode = kept && growth <= flat ? 0 : 1;
