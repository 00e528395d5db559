import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { idleMonthly } from '../../lib/cost/idle.ts';
import { resolveSettings } from '../../lib/settings/resolve.ts';
import { only, propertiesOf, sorted, templatesOf } from './support.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** The cells of a row, by how it begins. */
function row(beginning: string): string[] {
  const line = page.split('\n').find((one) => one.startsWith(`| ${beginning}`));
  if (line === undefined) throw new Error(`no row "${beginning}"`);
  return line
    .split('|')
    .slice(2, -1)
    .map((cell) => cell.trim());
}

const settingsOf = (stage: string) => resolveSettings((key) => (key === 'stage' ? stage : undefined));

describe('docs/operations.md', () => {
  test.each(['cheap', 'dev', 'prod'])('has the idle cost of %s', (stage) => {
    const templates = Object.values(templatesOf({ stage })).map((template) => template.toJSON());
    expect(row(`\`${stage}\``).at(-1)).toBe(`$${idleMonthly(templates)?.toFixed(0)}`);
  });

  test('says how long records, dead letters and logs are kept', () => {
    const [dev, cheap, prod] = ['dev', 'cheap', 'prod'].map(settingsOf);
    const kept = (cells: (stage: NonNullable<typeof dev>) => string) =>
      [dev, cheap, prod].map((one) => one && cells(one));
    const said = (beginning: string) => {
      const [trying, people] = row(beginning);
      return [trying, trying, people];
    };
    expect(said('records of the chat topics')).toEqual(kept(({ topics }) => `${topics.retentionHours} hours`));
    expect(said('dead letters |')).toEqual(kept(({ topics }) => `${topics.deadLetterRetentionHours / 24} days`));
    expect(said('logs of functions')).toEqual(kept(({ logRetentionDays }) => `${logRetentionDays} days`));
    expect(said('logs of CloudFront')).toEqual(
      kept(({ site, logRetentionDays }) => (site.accessLogs ? `${logRetentionDays} days` : 'none')),
    );
    const queue = only(templatesOf({ stage: 'prod' }).service, 'AWS::SQS::Queue');
    expect(row('lost events |')[1]).toBe(`${queue.MessageRetentionPeriod / 86_400} days`);
  });

  test('names every alarm, and none that there is not', () => {
    const alarms = Object.values(propertiesOf(templatesOf({ stage: 'dev' }).service, 'AWS::CloudWatch::Alarm'));
    const real = alarms.map(({ AlarmName }) =>
      AlarmName.replace('switchboard-dev-', '')
        .replace(/^(.+)-failing$/, '<function>-failing')
        .replace(/^broker-\d+-/, 'broker-<n>-'),
    );
    const table = page.slice(page.indexOf('## Alarms'), page.indexOf('Pollers that fall silent'));
    const named = table.split('\n').flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)]);
    expect(sorted(named.map(([, name]) => name))).toEqual(sorted([...new Set(real)]));
  });

  test('says what guards what is at rest, and none of it is a key of ours', () => {
    const { network, data, service } = templatesOf({ stage: 'prod' });
    for (const table of Object.values(propertiesOf(data, 'AWS::DynamoDB::Table')))
      expect(table.SSESpecification).toBeUndefined();
    expect(only(network, 'AWS::MSK::Cluster').EncryptionInfo.EncryptionAtRest).toBeUndefined();
    expect(only(service, 'AWS::SQS::Queue').SqsManagedSseEnabled).toBe(true);
    expect(only(service, 'AWS::SNS::Topic').KmsMasterKeyId).toBeUndefined();
    for (const template of [network, data, service]) template.resourceCountIs('AWS::KMS::Key', 0);
  });
});
