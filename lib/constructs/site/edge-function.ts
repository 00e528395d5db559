import { readFileSync } from 'node:fs';
import { Function as CloudFrontFunction, FunctionCode, FunctionRuntime } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** CloudFront's limit for a function's code, in bytes. */
const maximumBytes = 10_240;

/**
 * A CloudFront Function from `lib/edge/<file>.js`, `__NAME__` in it replaced by `values.NAME`.
 *
 * @throws Error when a value has no place in the code or a place no value, or the code is too large.
 */
export function edgeFunction(
  scope: Construct,
  file: 'socket-path' | 'forwarded-host' | 'single-page',
  values: Readonly<Record<string, string>> = {},
): CloudFrontFunction {
  let code = readFileSync(new URL(`../../edge/${file}.js`, import.meta.url), 'utf8');
  for (const [name, value] of Object.entries(values)) {
    if (!code.includes(`__${name}__`)) throw new Error(`lib/edge/${file}.js has no __${name}__`);
    code = code.replaceAll(`__${name}__`, value);
  }
  const left = /__[A-Z_]+__/.exec(code);
  if (left !== null) throw new Error(`lib/edge/${file}.js: no value for ${left[0]}`);
  if (Buffer.byteLength(code) > maximumBytes) throw new Error(`lib/edge/${file}.js is over ${maximumBytes} bytes`);
  return new CloudFrontFunction(scope, file, {
    code: FunctionCode.fromInline(code),
    runtime: FunctionRuntime.JS_2_0,
    comment: file,
  });
}
