import * as z from 'zod';
import { cheap } from './cheap.ts';
import { dev } from './dev.ts';
import { prod } from './prod.ts';
import { type StageSettings, stageSettings } from './schema.ts';

const builtIn: Readonly<Record<string, StageSettings>> = { dev, cheap, prod };

/** Said in one line to the person at the terminal; never a stack trace. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Json = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `over` laid on `base`, objects key by key. A `source` that differs (a cluster of another kind) replaces its object whole. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  if (typeof over.source === 'string' && over.source !== base.source) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

function parseObject(value: unknown, name: string): Json {
  let parsed = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value);
    } catch {
      throw new SettingsError(`${name} is not JSON: ${value}`);
    }
  }
  if (!isObject(parsed)) throw new SettingsError(`${name} must be a JSON object`);
  return parsed;
}

/**
 * The settings of one stage. `dev`, `cheap` and `prod` are built in; any other name needs an entry under `stages` in the
 * context, `{"extends": "dev", …what differs}`. `settings` (an object, or JSON on the command line) goes over either.
 *
 * @throws SettingsError naming the setting at fault.
 */
export function resolveSettings(context: (key: string) => unknown, environment: NodeJS.ProcessEnv = {}): StageSettings {
  const stage = String(context('stage') ?? environment.STAGE ?? 'dev');
  const own = parseObject(context('stages') ?? {}, 'stages')[stage];
  const { extends: parent = stage, ...differences } = own === undefined ? {} : parseObject(own, `stages.${stage}`);
  const base = builtIn[String(parent)];
  if (base === undefined) {
    const known = Object.keys(builtIn).join(', ');
    throw new SettingsError(
      `unknown stage "${stage}": use ${known}, or describe it under "stages" in cdk.json, {"${stage}": {"extends": "dev"}}`,
    );
  }
  const merged = merge(merge({ ...base, stage }, differences), parseObject(context('settings') ?? {}, 'settings'));
  const result = stageSettings.safeParse(merged);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${z.core.toDotPath(issue.path)}: ${issue.message}`);
  throw new SettingsError(`settings of stage "${stage}": ${faults.join('; ')}`);
}
