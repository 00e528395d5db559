import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Tags } from 'aws-cdk-lib';
import { acknowledgeFindings } from './checks/acknowledged.ts';
import { functionNames } from './functions/names.ts';
import { SettingsError } from './settings/resolve.ts';
import type { StageSettings } from './settings/schema.ts';
import { DataStack } from './stacks/data-stack.ts';
import { NetworkStack } from './stacks/network-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';

/** The three stacks of one stage, by life span. Environment-agnostic: account and Region are the caller's at deployment. */
export interface StageStacks {
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly service: ServiceStack;
}

/**
 * Adds one stage of Switchboard to the app.
 *
 * @param dist folder of `scripts/build.ts`.
 * @throws SettingsError when something is not built.
 */
export function addStage(app: App, settings: StageSettings, dist: string): StageStacks {
  requireBuilt(dist);
  const id = (name: string): string => `Switchboard-${settings.stage}-${name}`;
  const common = { settings, terminationProtection: settings.keepData };
  const network = new NetworkStack(app, id('Network'), { ...common, description: 'Switchboard: VPC and Kafka' });
  const data = new DataStack(app, id('Data'), { ...common, description: 'Switchboard: tables, page and key' });
  const service = new ServiceStack(app, id('Service'), {
    ...common,
    log: network,
    data,
    dist,
    description: 'Switchboard: functions, APIs, site',
  });
  // CloudFormation's published schema of a dashboard has no tags yet, and cfn-lint goes by it.
  Tags.of(app).add('switchboard:stage', settings.stage, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  const stacks = { network, data, service };
  acknowledgeFindings(stacks, settings);
  return stacks;
}

function requireBuilt(dist: string): void {
  const wanted = [
    join(dist, 'frontend', 'index.html'),
    ...functionNames.map((name) => join(dist, 'lambdas', name, 'index.mjs')),
  ];
  const missing = wanted.filter((file) => !existsSync(file));
  if (missing.length > 0)
    throw new SettingsError(`${missing.length} of ${wanted.length} built files are missing: run "npm run build" first`);
}
