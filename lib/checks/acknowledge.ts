import { type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Writes down why a finding of cdk-nag's AwsSolutions pack stands on each of these resources. */
export function acknowledge(resources: readonly CfnResource[], id: string, reason: string): void {
  for (const resource of resources) Validations.of(resource).acknowledge({ id: `AwsSolutions-${id}`, reason });
}

/** The resources of one type that these constructs hold. */
export const each = <T extends CfnResource>(
  type: abstract new (...args: never[]) => T,
  ...scopes: readonly (IConstruct | undefined)[]
): T[] =>
  scopes
    .flatMap((scope) => scope?.node.findAll() ?? [])
    .filter((construct): construct is T & IConstruct => construct instanceof type);

/** An ARN as cdk-nag writes it into the id of a finding: references as `<LogicalId>`, imports by their name. */
export function written(scope: IConstruct, value: string): string {
  const flat = (part: unknown): string => {
    if (typeof part === 'string') return part;
    const [[kind, argument] = []] = Object.entries(part ?? {});
    if (kind === 'Ref') return `<${argument}>`;
    if (kind === 'Fn::ImportValue') return String(argument);
    if (kind === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join('');
    throw new Error(`cannot write ${JSON.stringify(part)} as cdk-nag does`);
  };
  return flat(Stack.of(scope).resolve(value));
}
