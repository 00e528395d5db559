import type { RouteSpec } from '../../template/model.ts';

export interface RouteMatch {
  readonly route: RouteSpec;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: RouteSpec;
  readonly method: string;
  readonly segments: readonly string[];
  /** Higher wins: fixed segments before variables, a greedy variable last, a method before `ANY`. */
  readonly rank: readonly number[];
}

/** Route selection of HTTP APIs: the most specific route wins, `$default` takes the rest. */
export function createRouteMatcher(
  routes: readonly RouteSpec[],
): (method: string, path: string) => RouteMatch | undefined {
  const compiled = routes.filter(({ routeKey }) => routeKey !== '$default').map(compile);
  compiled.sort((a, b) => compare(b.rank, a.rank));
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return (method, path) => {
    const segments = path.split('/').slice(1);
    for (const { route, method: own, segments: pattern } of compiled) {
      if (own !== 'ANY' && own !== method) continue;
      const pathParameters = matchSegments(pattern, segments);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

function compile(route: RouteSpec): Compiled {
  const [method = 'ANY', path = '/'] = route.routeKey.split(' ');
  const segments = path.split('/').slice(1);
  const rank = segments.map((segment) => (segment.endsWith('+}') ? 1 : segment.startsWith('{') ? 2 : 3));
  return { route, method, segments, rank: [...rank, method === 'ANY' ? 0 : 0.5] };
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [at, expected] of pattern.entries()) {
    const actual = segments[at];
    if (expected.endsWith('+}')) {
      const rest = segments.slice(at).join('/');
      if (rest === '') return undefined;
      found[expected.slice(1, -2)] = decoded(rest);
      return found;
    }
    if (actual === undefined) return undefined;
    if (expected.startsWith('{')) {
      if (actual === '') return undefined;
      found[expected.slice(1, -1)] = decoded(actual);
    } else if (expected !== actual) return undefined;
  }
  return pattern.length === segments.length ? found : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
