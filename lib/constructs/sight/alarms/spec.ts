import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

export interface AlarmSpec {
  readonly metric: IMetric;
  /** At or above this, something is wrong. */
  readonly threshold: number;
  /** Periods in a row; 1 for what is wrong at once. */
  readonly periods: number;
  /** Instead, something is wrong below the threshold; `or-silent`: and when there is no measure at all. */
  readonly below?: 'only' | 'or-silent';
  /** What it means, and the first thing to look at: it stands in the mail. */
  readonly description: string;
}

/** By the end of the alarm's name. */
export type AlarmSpecs = Record<string, AlarmSpec>;
