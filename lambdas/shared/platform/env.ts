/** The environment of a function lacks a variable that its template must set. */
export class MissingSettingError extends Error {
  constructor(name: string) {
    super(`The environment variable ${name} is not set.`);
    this.name = 'MissingSettingError';
  }
}

/** Reads a variable that must be there. Called at start-up only, so that a wrong deployment fails at once. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new MissingSettingError(name);
  return value;
}

/** Reads a variable that may be left out. */
export function settingOr(name: string, fallback: string): string {
  return process.env[name] || fallback;
}
