import type { StackTemplate } from './assembly.ts';

/** Stands for `AWS::NoValue` until the property that holds it is dropped. */
export const noValue = Symbol('AWS::NoValue');

/** Value of `Ref` to a pseudo parameter; undefined for any other name. */
export function pseudoParameter(name: string, { region, accountId, stackName }: StackTemplate): unknown {
  switch (name) {
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return accountId;
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/offline`;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::NotificationARNs':
      return [];
    case 'AWS::NoValue':
      return noValue;
    default:
      return undefined;
  }
}
