import { describe, expect, it } from 'vitest';
import { destroyPatiently, type Run } from '../../../scripts/destroy/patiently.ts';

const held: Run = { status: 1, output: "The subnet 'subnet-0a' has dependencies and cannot be deleted." };
const done: Run = { status: 0, output: 'destroyed' };

async function destroyed(runs: readonly Run[]) {
  const waits: number[] = [];
  const said: string[] = [];
  let calls = 0;
  const status = await destroyPatiently({
    destroy: async () => runs[calls++] ?? held,
    wait: async (ms) => waits.push(ms),
    say: (line) => said.push(line),
  });
  return { status, calls, waits, said };
}

describe('destroying a stage', () => {
  it('ends with the first run that leaves nothing', async () => {
    expect(await destroyed([done])).toEqual({ status: 0, calls: 1, waits: [], said: [] });
  });

  it('waits while network interfaces are in the way, and says so', async () => {
    const { status, calls, waits, said } = await destroyed([held, held, done]);
    expect({ status, calls, waits }).toEqual({ status: 0, calls: 3, waits: [360_000, 360_000] });
    expect(said.join()).toContain('network interfaces');
  });

  it('gives up after half an hour, and says what to do', async () => {
    const { status, calls, said } = await destroyed([]);
    expect({ status, calls }).toEqual({ status: 1, calls: 5 });
    expect(said.at(-1)).toContain('again');
  });

  it('does not try again what waiting does not mend', async () => {
    const refused = {
      status: 1,
      output: 'Stack [Switchboard-prod-Network] cannot be deleted while TerminationProtection is enabled',
    };
    expect(await destroyed([refused])).toMatchObject({ status: 1, calls: 1, waits: [] });
  });
});
