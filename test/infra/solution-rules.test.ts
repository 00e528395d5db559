import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { checkAgainstAwsSolutions } from '../../lib/checks/nag.ts';
import { existingCluster, sorted, stageApp } from './support.ts';

const settingsOf = (settings: Record<string, unknown>) => ({ settings });

/** Each setting that decides what is found, both ways. */
const stages: [string, Record<string, unknown>][] = [
  ['dev', { stage: 'dev' }],
  ['cheap', { stage: 'cheap' }],
  ['prod', { stage: 'prod' }],
  ['an existing cluster', settingsOf({ kafka: existingCluster })],
  ['an existing cluster with endpoints', settingsOf({ kafka: { ...existingCluster, createEndpoints: false } })],
  [
    'a domain',
    settingsOf({
      site: {
        domain: {
          name: 'chat.example.com',
          certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d',
        },
      },
    }),
  ],
  ['a web ACL', settingsOf({ site: { webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/acl/0a1b' } })],
  ['no WebSocket logs', settingsOf({ webSocketLogs: 'off' })],
  ['logs of who asked for the page, in a stage that can be destroyed', settingsOf({ site: { accessLogs: true } })],
  [
    'a secret of one’s own',
    settingsOf({ model: { secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:k-AbCdEf' } }),
  ],
  ['two origin secrets', settingsOf({ site: { originSecretVersion: 2 } })],
];

/** What the pack would find if nothing were acknowledged, by resource. */
function found({ app }: ReturnType<typeof stageApp>): string[] {
  const pack = new AwsSolutionsChecks(app);
  Object.assign(pack, { isAcknowledged: () => false });
  const { violations = [] } = pack.validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`),
  );
}

interface Acknowledged {
  readonly what: string;
  readonly reason: string;
}

function acknowledged({ app }: ReturnType<typeof stageApp>): Acknowledged[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .filter(([id]) => id.startsWith('Annotation::AwsSolutions-'))
      .map(([id, reason]) => ({ what: `${node.path} ${id.replace('Annotation::', '')}`, reason })),
  );
}

interface Report {
  readonly pluginReports: readonly { readonly violations: readonly { readonly ruleName: string }[] }[];
}

/** What a synthesis is stopped by. */
async function refused(stage: ReturnType<typeof stageApp>): Promise<string[]> {
  await checkAgainstAwsSolutions(stage.app);
  try {
    stage.app.synth();
  } catch {
    const report = JSON.parse(readFileSync(join(stage.outdir, 'validation-report.json'), 'utf8')) as Report;
    return report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
  }
  return [];
}

describe('AWS’s solution rules', () => {
  test.each(stages)('find in %s exactly what is acknowledged, on the very resource', (_what, context) => {
    const stage = stageApp(context);
    const reasons = acknowledged(stage);
    expect(sorted(reasons.map(({ what }) => what))).toEqual(sorted(found(stage)));
    expect(reasons.length).toBeGreaterThan(20);
    for (const { what, reason } of reasons) expect(reason.length, what).toBeGreaterThan(30);
  });

  test('do not stop the synthesis of what is acknowledged', async () => {
    expect(await refused(stageApp({ stage: 'prod' }))).toEqual([]);
  });

  test('find a fault that is put in, also of a kind that is acknowledged elsewhere in the stack', async () => {
    const stage = stageApp({ stage: 'dev' });
    new Bucket(stage.stacks.data, 'Leaky', { enforceSSL: false });
    expect(await refused(stage)).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10']));
  });
});
