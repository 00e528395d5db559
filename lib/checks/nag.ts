import { type App, Validations } from 'aws-cdk-lib';

/** Checks the templates against cdk-nag's AwsSolutions pack: a finding nobody acknowledged fails the synthesis. */
export async function checkAgainstAwsSolutions(app: App): Promise<void> {
  // Loaded here only: half a second that the offline runtime has no use for.
  const { AwsSolutionsChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}
