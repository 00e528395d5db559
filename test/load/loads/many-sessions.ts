import { Switchboard } from '../adapters/switchboard.ts';
import type { ProductBench } from '../bench.ts';
import { median } from '../percentiles.ts';

const few = 10;
const looks = 30;

/** Listing and resuming for an owner with few sessions, and for one with many. */
export async function manySessions({ product, metrics, effort }: ProductBench): Promise<void> {
  const small = new Switchboard(product.url);
  const large = new Switchboard(product.url);
  await make(small, few);
  await make(large, effort.manySessions);
  const listing = { small: [] as number[], large: [] as number[] };
  const resuming = { small: [] as number[], large: [] as number[] };
  for (let look = 0; look < looks; look += 1) {
    for (const [name, system] of [['small', small] as const, ['large', large] as const]) {
      listing[name].push(await timed(() => list(system)));
      resuming[name].push(await timed(() => resume(system)));
    }
  }
  const than = `with ${effort.manySessions.toLocaleString('en')} sessions over ${few}`;
  metrics.add('listing sessions, median', median(listing.large), { unit: 'ms', better: 'less' });
  metrics.add(`listing ${than}`, median(listing.large) / median(listing.small), {
    unit: 'x',
    better: 'less',
    target: 1.2,
  });
  metrics.add('connecting and resuming, median', median(resuming.large), { unit: 'ms', better: 'less' });
  metrics.add(`resuming ${than}`, median(resuming.large) / median(resuming.small), {
    unit: 'x',
    better: 'less',
    target: 1.2,
  });
}

async function make({ client }: Switchboard, count: number): Promise<void> {
  await client.createSession();
  for (let made = 1; made < count; made += 8) {
    await Promise.all(Array.from({ length: Math.min(8, count - made) }, () => client.createSession()));
  }
}

/** The first page, as the page asks for it; both have at least these. */
async function list({ client }: Switchboard): Promise<void> {
  const { status } = await client.call('GET', `/api/sessions?limit=${few}`);
  if (status !== 200) throw new Error(`listing: ${status}`);
}

async function resume({ client }: Switchboard): Promise<void> {
  const { body } = await client.call<{ sessions: { session_id: string }[] }>('GET', '/api/sessions?limit=1');
  const socket = await client.connect(body.sessions[0]?.session_id ?? '', []);
  await socket.close();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}
