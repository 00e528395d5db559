import { onDemandLosses } from '../constructs/compute/kafka-source.ts';
import { idleItems, idleMonthly } from '../cost/idle.ts';
import { priceDate, priceRegion } from '../cost/prices.ts';
import type { Template } from '../cost/template.ts';
import type { StageSettings } from '../settings/schema.ts';

/** What whoever deploys a stage should know before: its idle cost, and the limits that its settings choose. */
export function notes(settings: StageSettings, templates: readonly Template[]): string[] {
  const { stage, kafka, eventSource, alarms } = settings;
  const lines = [`stage ${stage}: ${cost(templates)}`];
  if (kafka.source === 'existing') lines.push('without the Kafka cluster, which exists already');
  else if (kafka.brokerType === 'kafka.t3.small')
    lines.push('kafka.t3.small takes 4 new IAM connections a second and broker: cold starts in numbers will wait');
  if (eventSource.mode === 'on-demand')
    lines.push('event sources on demand:', ...onDemandLosses.map((loss) => `  - ${loss}`));
  if (settings.webSocketLogs === 'create')
    lines.push(
      'sets the role by which API Gateway logs in this account and Region, in place of any other, and leaves it',
    );
  if (alarms.email === undefined) lines.push('nobody is told of alarms: set alarms.email, or subscribe to the topic');
  return lines;
}

/** A deployment is not held up for want of a price. */
function cost(templates: readonly Template[]): string {
  const monthly = idleMonthly(templates);
  if (monthly !== undefined)
    return `about $${monthly.toFixed(0)} a month when idle (prices of ${priceDate}, ${priceRegion}; npm run cost)`;
  const unknown = idleItems(templates).filter((item) => item.monthly === undefined);
  return `cost when idle unknown: ${unknown.map(({ what }) => what).join(', ')}`;
}
