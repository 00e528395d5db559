import { join } from 'node:path';
import { openShards } from '../lambdas/shared/adapters/dynamodb/sessions.ts';
import { typicalTurn } from '../lib/cost/turn-profile.ts';
import { prod } from '../lib/settings/prod.ts';
import { randomOf } from '../test/support/random.ts';
import { writeSection } from './bench/document.ts';
import { type Deployment, given, limitsOf } from './scale/model.ts';
import { simulate } from './scale/simulate.ts';

/** `npm run scale`: what limits the stage `prod` at several sizes, and what its event sources do under load; writes both into docs/scale.md. */
const sizes = [1_000, 100_000, 10_000_000];
const people = { secondsPerTurn: 120, socketMinutes: 20, tokensPerTurn: 2_000 };
const at: Deployment = {
  brokers: prod.kafka.source === 'new' ? prod.kafka.brokers : 3,
  partitions: prod.topics.partitions,
  pollers: prod.eventSource.mode === 'provisioned' ? prod.eventSource.maximumPollers : 1,
  replicas: prod.topics.replicationFactor,
  openShards,
  conversationConcurrency: prod.functions.conversation.reservedConcurrency ?? 1_000,
};
const short = (value: number): string =>
  Number.isNaN(value) ? 'yours' : value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2);

const document = join(import.meta.dirname, '..', 'docs', 'scale.md');
let printed: string[] = [];
const print = (line: string): void => {
  printed.push(line);
  console.log(line);
};

const columns = sizes.map((sockets) => limitsOf({ sockets, ...people }, typicalTurn, at));
const rates = sizes.map((sockets) => short(sockets / people.secondsPerTurn)).join(' / ');
print(`Turns a second: ${rates}\n`);
print(`| | as given | ${sizes.map((size) => `${size.toLocaleString('en')} sockets`).join(' | ')} | full at, sockets |`);
print(`|---|---:|${sizes.map(() => '---:|').join('')}---:|`);
for (const [index, { what, given: limit }] of (columns[0] ?? []).entries()) {
  const needs = columns.map((column) => column[index]?.needed ?? 0);
  const cells = needs.map((need) => (need > limit ? `**${short(need)}**` : short(need)));
  const full = ((sizes[0] ?? 0) * limit) / (needs[0] ?? 1);
  print(`| ${what} | ${short(limit)} | ${cells.join(' | ')} | ${Number.isNaN(full) ? '' : short(full)} |`);
}
print('\nWhat to do when one is full:\n');
for (const { what, remedy } of columns[0] ?? []) print(`- ${what}: ${remedy}.`);

writeSection(document, 'limits', printed.join('\n'));
printed = [];

const source = { partitions: at.partitions, slots: at.pollers * given.pollerInvocations, batchSize: 100, seconds: 30 };
print('| records/s | one at a time: p50, p99 ms, left | side by side | a slow one of 5 s per 1,000 |');
print('|---:|---:|---:|---:|');
for (const perSecond of [8, 83, 833, 4_000, 8_000]) {
  const cells = [
    { ...source, perSecond, batchSize: 1, baseMs: 40, perRecordMs: 0 },
    { ...source, perSecond, baseMs: 38, perRecordMs: 1.6 },
    { ...source, perSecond, baseMs: 38, perRecordMs: 1.6, slowEvery: 1_000, slowMs: 5_000 },
  ].map((load) => {
    const { p50, p99, left } = simulate(load, randomOf(perSecond).next);
    return `${short(p50)}, ${short(p99)}, ${short(left)}`;
  });
  print(`| ${perSecond} | ${cells.join(' | ')} |`);
}
writeSection(document, 'simulation', printed.join('\n'));
