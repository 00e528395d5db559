import { setTimeout as sleep } from 'node:timers/promises';
import { findFaults } from '../../support/ledger.ts';
import { productUsage, startProduct } from '../bench.ts';
import { LoadModel } from '../model.ts';
import { summarize } from '../percentiles.ts';
import { Talker } from './talker.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly sockets: number;
  /** Seconds between two questions of one socket. */
  readonly everySeconds: number;
  /** Share of the questions whose line is cut. */
  readonly drops: number;
  readonly say: (line: string) => void;
}

/** Counts over all sessions; all but the first four are to be 0. */
export interface SoakResult {
  readonly asked: number;
  readonly drops: number;
  readonly p50: number;
  readonly p99: number;
  readonly unanswered: number;
  readonly doubled: number;
  readonly gaps: number;
  readonly reused: number;
  readonly disordered: number;
  /** Questions that the model was asked more than once. */
  readonly askedTwice: number;
  /** Resident MB at the end of each interval. */
  readonly resident: readonly number[];
}

const intervals = 10;

/** A day of small talk in a short time: nothing may be lost, nothing may come twice, memory must not grow. */
export async function soak({ minutes, sockets, everySeconds, drops, say }: SoakOptions): Promise<SoakResult> {
  const model = await LoadModel.start();
  model.pace = { delayMs: 500, words: 40 };
  model.asked = new Map();
  const { product } = await startProduct(model);
  try {
    const talkers = Array.from({ length: sockets }, () => new Talker(product.url));
    for (const talker of talkers) await talker.begin();
    const end = performance.now() + minutes * 60_000;
    const times: number[] = [];
    const resident: number[] = [];
    const talking = talkers.map(async (talker, index) => {
      await sleep((index / sockets) * everySeconds * 1000);
      for (let due = performance.now(); due < end; due += everySeconds * 1000) {
        await sleep(Math.max(0, due - performance.now()));
        // One that never comes is found in the log at the end.
        times.push(await talker.ask(Math.random() < drops).catch(() => Number.POSITIVE_INFINITY));
      }
    });
    say('| minute | asked | p50 ms | p99 ms | resident MB |\n|---:|---:|---:|---:|---:|');
    let counted = 0;
    for (let interval = 1; interval <= intervals; interval += 1) {
      await sleep((minutes * 60_000) / intervals);
      const { p50, p99 } = summarize(times.slice(counted));
      const mb = productUsage(product)?.residentMb ?? Number.NaN;
      resident.push(mb);
      const minute = ((minutes * interval) / intervals).toFixed(1);
      say(`| ${minute} | ${times.length - counted} | ${p50.toFixed(0)} | ${p99.toFixed(0)} | ${mb.toFixed(0)} |`);
      counted = times.length;
    }
    await Promise.all(talking);
    for (const talker of talkers) await talker.end();
    const faults = talkers.map(({ seen, accepted }) => findFaults(seen, accepted));
    const total = (of: keyof (typeof faults)[number]): number =>
      faults.reduce((sum, fault) => sum + fault[of].length, 0);
    const { p50, p99 } = summarize(times);
    return {
      asked: times.length,
      drops: talkers.reduce((sum, talker) => sum + talker.drops, 0),
      p50,
      p99,
      unanswered: total('unanswered'),
      doubled: total('doubled'),
      gaps: total('gaps'),
      reused: total('reused'),
      disordered: total('disordered'),
      askedTwice: [...model.asked.values()].filter((count) => count > 1).length,
      resident,
    };
  } finally {
    await product.dispose();
    await model.close();
  }
}
