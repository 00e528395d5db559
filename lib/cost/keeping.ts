import * as price from './prices.ts';
import { allResources, type Template } from './template.ts';
import type { CostItem } from './turn.ts';

/** US dollars a month for as long as what a million turns wrote is kept; a stage with recovery to the second pays for it as well. */
export function keepingItem(templates: readonly Template[], bytesOfATurn: number): CostItem {
  const recovers = templates.flatMap(allResources).some(({ Type, Properties = {} }) => {
    const recovery = Properties.PointInTimeRecoverySpecification as
      | { PointInTimeRecoveryEnabled?: boolean }
      | undefined;
    return Type === 'AWS::DynamoDB::Table' && recovery?.PointInTimeRecoveryEnabled === true;
  });
  const gigabytes = (1_000_000 * bytesOfATurn) / 1e9;
  const each = price.dynamoDb.storageGbMonth + (recovers ? price.dynamoDb.recoveryGbMonth : 0);
  return {
    what: `kept for a month, ${gigabytes} GB${recovers ? ', to the second' : ''}`,
    perMillion: gigabytes * each,
  };
}
