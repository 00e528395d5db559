import { allResources, type Template } from '../../lib/cost/template.ts';

/** What cannot be made again from the sources: it holds data, or somebody put a value in. */
const precious: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'table',
  'AWS::Logs::LogGroup': 'log group',
  'AWS::MSK::Cluster': 'Kafka cluster with its records',
  'AWS::S3::Bucket': 'bucket',
  'AWS::SQS::Queue': 'queue',
  'AWS::SecretsManager::Secret': 'secret',
};

const plural = (word: string, count: number): string =>
  `${count} ${count === 1 ? word : word.replace(/^(.*?)( with .*)?$/, '$1s$2')}`;

/** What destroying the stacks of these templates deletes and what it leaves, a line each. */
export function extentOf(templates: readonly Template[]): string[] {
  const all = templates.flatMap(allResources);
  const stays = all.filter(({ DeletionPolicy = '' }) => DeletionPolicy.startsWith('Retain'));
  const goes = all.filter((resource) => !stays.includes(resource));
  return [`deleted: ${listed(goes)}`, `kept: ${stays.length === 0 ? 'nothing' : listed(stays)}`];
}

function listed(resources: readonly { readonly Type: string }[]): string {
  const held = Object.entries(precious).flatMap(([type, word]) => {
    const count = resources.filter(({ Type }) => Type === type).length;
    return count === 0 ? [] : [plural(word, count)];
  });
  const others = resources.filter(({ Type }) => !(Type in precious)).length;
  return [...held, ...(others === 0 ? [] : [plural('other resource', others)])].join(', ');
}
