import { isObject, text } from '../../template/json.ts';

/**
 * Evaluates a route selection expression such as `$request.body.action` or `${request.body.kind}.${request.body.name}`.
 * Undefined where the message is not JSON or lacks the field: such messages go to `$default`.
 */
export function selectRoute(expression: string, body: string): string | undefined {
  const parsed = parse(body);
  if (expression.startsWith('$request.body')) return lookup(parsed, expression.slice('$request.body.'.length));
  let missing = false;
  const key = expression.replace(/\$\{request\.body\.([^}]+)\}/g, (_, path: string) => {
    const value = lookup(parsed, path);
    missing ||= value === undefined;
    return value ?? '';
  });
  return missing ? undefined : key;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function lookup(value: unknown, path: string): string | undefined {
  let at = value;
  for (const name of path.split('.')) {
    if (!isObject(at)) return undefined;
    at = Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return text(at);
}
