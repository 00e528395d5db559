import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readCommand } from '../../scripts/destroy/command.ts';
import { isConfirmed, requireSomebodyToAsk } from '../../scripts/destroy/consent.ts';
import { extentOf } from '../../scripts/destroy/extent.ts';
import { stageApp, templatesOf } from './support.ts';

const extent = (stage: string) => {
  const { network, data, service } = templatesOf({ stage });
  return extentOf([network, data, service].map((template) => template.toJSON()));
};

function terminal(answer?: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.end(answer);
  return { yes: false, input, output: new PassThrough() };
}

describe('destroying a stage', () => {
  test('needs a yes: without a terminal and without --yes it says so in a line, and fails', () => {
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'destroy.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '-c', 'stage=dev'], {
      encoding: 'utf8',
      input: 'y\n',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^Nothing was destroyed: .+--yes\.\n$/);
    expect(() => requireSomebodyToAsk({ yes: true, input: new PassThrough() })).not.toThrow();
  });

  test.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    [undefined, false],
  ])('takes the answer %j for %s', async (answer, wanted) => {
    expect(await isConfirmed(terminal(answer), 'Destroy? ')).toBe(wanted);
  });

  test('asks nobody when --yes was given, which the CDK is not told of', async () => {
    const command = readCommand(['-c', 'stage=alice', '--yes', '--context=settings={"a":"b=c"}', '--profile', 'work']);
    expect(command).toEqual({
      yes: true,
      context: { stage: 'alice', settings: '{"a":"b=c"}' },
      rest: ['-c', 'stage=alice', '--context=settings={"a":"b=c"}', '--profile', 'work'],
    });
    expect(await isConfirmed({ ...terminal('n\n'), yes: command.yes }, 'Destroy? ')).toBe(true);
    expect(readCommand(['-c=stage=dev'])).toMatchObject({ yes: false, context: { stage: 'dev' } });
    expect(() => readCommand(['-c', 'dev'])).toThrow('-c dev');
  });

  test('says what goes and what stays', () => {
    const [deleted, kept] = extent('dev');
    expect(deleted).toMatch(/^deleted: 3 tables, \d+ log groups, 1 Kafka cluster with its records, 1 bucket, 1 queue/);
    expect(kept).toBe('kept: 2 other resources');
    const [deletedOfProd, keptOfProd] = extent('prod');
    expect(deletedOfProd).toMatch(/^deleted: 1 table, .*1 Kafka cluster.*, 1 queue, 1 secret, \d+ other resources$/);
    expect(keptOfProd).toMatch(/^kept: 2 tables, \d+ log groups, 2 buckets, 1 secret$/);
  });

  test('begins with what uses the others: functions before the network and tables that they use', () => {
    const { app, stacks } = stageApp({ stage: 'prod' });
    const order = app.synth().stacks.map(({ stackName }) => stackName);
    expect(order.at(-1)).toBe('Switchboard-prod-Service');
    expect(stacks.service.dependencies).toEqual(expect.arrayContaining([stacks.network, stacks.data]));
  });
});
