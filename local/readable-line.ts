const uuid = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Fields that say nothing to a person in front of a terminal. */
const silent = new Set([
  'traceparent',
  'xray_trace_id',
  'request_id',
  'function_request_id',
  'cold_start',
  'stage',
  'service',
]);

/**
 * One structured log record as one line: local time, component, step, message, then the other fields. UUIDs are cut to
 * their first eight digits, the way people tell them apart.
 */
export function readableLine(record: Readonly<Record<string, unknown>>): string {
  const { level, time, component, step, message, ms, ...rest } = record;
  const head = [clock(time), mark(level), String(component ?? '').padEnd(12)];
  const facts = Object.entries(rest)
    .filter(([name, value]) => !silent.has(name) && value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name.replace(/_id$/, '')}=${short(value)}`);
  const texts = [step, message].filter((part) => part !== undefined && part !== '').map(String);
  const took = typeof ms === 'number' ? [`${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`] : [];
  return [...head, ...texts, ...facts, ...took].filter((part) => part !== '').join(' ');
}

function clock(time: unknown): string {
  const at = new Date(typeof time === 'string' || typeof time === 'number' ? time : Date.now());
  if (Number.isNaN(at.getTime())) return String(time);
  return `${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function mark(level: unknown): string {
  const name = String(level ?? '').toUpperCase();
  return name === 'WARN' || name === 'ERROR' || name === 'FATAL' ? name : '';
}

function short(value: unknown): string {
  if (typeof value === 'string') return uuid.exec(value)?.[1] ?? (value.includes(' ') ? JSON.stringify(value) : value);
  return JSON.stringify(value);
}
