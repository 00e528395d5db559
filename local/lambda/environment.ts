import type { CloudModel, FunctionSpec } from '../template/model.ts';

export interface EnvironmentOptions {
  readonly model: Pick<CloudModel, 'region'>;
  /** The runtime's own settings and environment: a name that a function declares takes its value from here. */
  readonly overrides: Readonly<Record<string, string | undefined>>;
  /** Variables that a function gets when it declares `name`, beside those of its template. */
  readonly companions: readonly { readonly name: string; readonly variables: Readonly<Record<string, string>> }[];
  /** The SDK's own endpoint variables and the like, for every function. */
  readonly everywhere: Readonly<Record<string, string>>;
  /** Addresses of the cloud to local ones, `https://abc.execute-api.…` to `http://127.0.0.1:…`. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The environment of a function's sandbox: what Lambda sets, what the template says, and what must differ offline. */
export function functionEnvironment(spec: FunctionSpec, options: EnvironmentOptions): Record<string, string> {
  const declared = Object.fromEntries(
    Object.entries(spec.environment).map(([name, value]) => [
      name,
      options.overrides[name] || rewritten(value, options.addresses),
    ]),
  );
  const companions = options.companions
    .filter(({ name }) => name in spec.environment)
    .map(({ variables }) => variables);
  const { region } = options.model;
  return {
    ...declared,
    ...Object.assign({}, ...companions),
    ...options.everywhere,
    _HANDLER: spec.handler,
    AWS_ACCESS_KEY_ID: 'offline',
    AWS_SECRET_ACCESS_KEY: 'offline',
    AWS_SESSION_TOKEN: 'offline',
    AWS_DEFAULT_REGION: region,
    AWS_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    LAMBDA_TASK_ROOT: spec.codeDir,
    LANG: 'en_US.UTF-8',
  };
}

function rewritten(value: string, addresses: ReadonlyMap<string, string>): string {
  let result = value;
  for (const [from, to] of addresses) result = result.replaceAll(from, to);
  return result;
}
