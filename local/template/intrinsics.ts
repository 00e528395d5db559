import { flag, list, object, text } from './json.ts';

/** What an intrinsic function needs of its surroundings. */
export interface Scope {
  readonly region: string;
  readonly mappings: Readonly<Record<string, unknown>>;
}

/** Intrinsic functions that depend on nothing but their arguments, which are resolved already. */
export function applyIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  const [first, second, third] = list(argument);
  switch (name) {
    case 'Fn::Join':
      return list(second).map(String).join(String(first));
    case 'Fn::Split':
      return String(second).split(String(first));
    case 'Fn::Select':
      return list(second)[Number(first)] ?? '';
    case 'Fn::GetAZs':
      return ['a', 'b', 'c'].map((zone) => `${text(argument) || scope.region}${zone}`);
    case 'Fn::Base64':
      return Buffer.from(String(argument)).toString('base64');
    case 'Fn::FindInMap':
      return object(object(scope.mappings[String(first)])[String(second)])[String(third)];
    case 'Fn::Length':
      return list(argument).length;
    case 'Fn::ToJsonString':
      return JSON.stringify(argument);
    case 'Fn::Cidr':
      return Array.from({ length: Number(second) || 16 }, (_, index) => `10.0.${index}.0/24`);
    case 'Fn::Equals':
      return String(first) === String(second);
    case 'Fn::And':
      return list(argument).every(holds);
    case 'Fn::Or':
      return list(argument).some(holds);
    case 'Fn::Not':
      return !holds(first);
    case 'Fn::Contains':
      return list(first).map(String).includes(String(second));
    default:
      return `unresolved:${name}`;
  }
}

export function holds(condition: unknown): boolean {
  return flag(condition) ?? false;
}
