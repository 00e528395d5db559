import type { StackTemplate } from './assembly.ts';
import { flag, isObject, type JsonObject, list, object, text } from './json.ts';

/** A resource, in the stack that declares it. */
export interface Resource {
  readonly stack: StackTemplate;
  readonly logicalId: string;
  readonly type: string;
  /** Unresolved. */
  readonly properties: JsonObject;
}

/** Gives the values that only the resource type knows. */
export interface Attributes {
  ref(resource: Resource): unknown;
  getAtt(resource: Resource, attribute: string): unknown;
  /** Value of an SSM parameter that is not declared in the assembly. */
  parameter(name: string): string | undefined;
}

/** Stands for `AWS::NoValue` until the property that holds it is dropped. */
const noValue = Symbol('AWS::NoValue');

/**
 * Resolves CloudFormation's intrinsic functions over all stacks of an assembly. Values are resolved when they are asked
 * for, so the order of the stacks does not matter. What cannot be known offline becomes a string that says so.
 */
export class Resolver {
  readonly #stacks: ReadonlyMap<string, StackTemplate>;
  readonly #attributes: Attributes;
  readonly #underWay = new Set<string>();

  constructor(stacks: readonly StackTemplate[], attributes: (resolver: Resolver) => Attributes) {
    this.#stacks = new Map(stacks.map((stack) => [stack.stackName, stack]));
    this.#attributes = attributes(this);
  }

  /** All resources whose condition holds. */
  resources(): Resource[] {
    return [...this.#stacks.values()].flatMap((stack) =>
      Object.entries(object(stack.template.Resources)).flatMap(([logicalId, body]) => {
        const { Type, Properties, Condition } = object(body);
        if (text(Condition) !== undefined && !this.#condition(String(Condition), stack)) return [];
        return [{ stack, logicalId, type: String(Type), properties: object(Properties) }];
      }),
    );
  }

  /** The resource's properties, resolved. */
  properties(resource: Resource): JsonObject {
    return object(this.resolve(resource.properties, resource.stack));
  }

  resource(stack: StackTemplate, logicalId: string): Resource | undefined {
    const body = object(object(stack.template.Resources)[logicalId]);
    if (body.Type === undefined) return undefined;
    return { stack, logicalId, type: String(body.Type), properties: object(body.Properties) };
  }

  resolve(value: unknown, stack: StackTemplate): unknown {
    const resolved = this.#value(value, stack);
    return resolved === noValue ? undefined : resolved;
  }

  #value(value: unknown, stack: StackTemplate): unknown {
    if (typeof value === 'string') return value.includes('{{resolve:') ? this.#dynamic(value) : value;
    if (Array.isArray(value)) {
      return value.map((item) => this.#value(item, stack)).filter((item) => item !== noValue);
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && (name === 'Ref' || name === 'Condition' || name?.startsWith('Fn::'))) {
      return this.#intrinsic(name, argument, stack);
    }
    const resolved = entries.map(([key, item]) => [key, this.#value(item, stack)] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== noValue));
  }

  #intrinsic(name: string, argument: unknown, stack: StackTemplate): unknown {
    const argumentsOf = (): readonly unknown[] => list(this.#value(argument, stack));
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), stack);
      case 'Fn::GetAtt':
        return this.#getAtt(argument, stack);
      case 'Fn::Sub':
        return this.#sub(argument, stack);
      case 'Fn::If':
        return this.#if(list(argument), stack);
      case 'Fn::Join': {
        const [separator, items] = argumentsOf();
        return list(items).map(String).join(String(separator));
      }
      case 'Fn::Split': {
        const [separator, whole] = argumentsOf();
        return String(whole).split(String(separator));
      }
      case 'Fn::Select': {
        const [index, items] = argumentsOf();
        return list(items)[Number(index)] ?? '';
      }
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${text(this.#value(argument, stack)) || stack.region}${zone}`);
      case 'Fn::Base64':
        return Buffer.from(String(this.#value(argument, stack))).toString('base64');
      case 'Fn::FindInMap': {
        const [map, first, second] = argumentsOf().map(String);
        const mapping = object(object(stack.template.Mappings)[map ?? '']);
        return this.#value(object(mapping[first ?? ''])[second ?? ''], stack);
      }
      case 'Fn::ImportValue':
        return this.#import(String(this.#value(argument, stack)));
      case 'Fn::GetStackOutput':
        return this.#stackOutput(object(this.#value(argument, stack)));
      case 'Fn::Length':
        return list(this.#value(argument, stack)).length;
      case 'Fn::ToJsonString':
        return JSON.stringify(this.#value(argument, stack));
      case 'Fn::Cidr':
        return Array.from({ length: 16 }, (_, index) => `10.0.${index}.0/24`);
      case 'Condition':
        return typeof argument === 'string' && this.#hasCondition(argument, stack)
          ? this.#condition(argument, stack)
          : { Condition: this.#value(argument, stack) };
      case 'Fn::Equals': {
        const [left, right] = argumentsOf();
        return String(left) === String(right);
      }
      case 'Fn::And':
        return argumentsOf().every(Boolean);
      case 'Fn::Or':
        return argumentsOf().some(Boolean);
      case 'Fn::Not':
        return !argumentsOf()[0];
      case 'Fn::Contains': {
        const [items, wanted] = argumentsOf();
        return list(items).map(String).includes(String(wanted));
      }
      default:
        return `unresolved:${name}`;
    }
  }

  #ref(name: string, stack: StackTemplate): unknown {
    const pseudo = this.#pseudo(name, stack);
    if (pseudo !== undefined) return pseudo;
    const parameter = object(object(stack.template.Parameters)[name]);
    if (parameter.Type !== undefined) return this.#templateParameter(parameter);
    const resource = this.resource(stack, name);
    if (resource === undefined) return `unresolved:${name}`;
    return this.#once(`${stack.stackName}/${name}`, () => this.#attributes.ref(resource));
  }

  #pseudo(name: string, stack: StackTemplate): unknown {
    switch (name) {
      case 'AWS::Region':
        return stack.region;
      case 'AWS::AccountId':
        return stack.accountId;
      case 'AWS::StackName':
        return stack.stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${stack.region}:${stack.accountId}:stack/${stack.stackName}/offline`;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::NotificationARNs':
        return [];
      case 'AWS::NoValue':
        return noValue;
      default:
        return undefined;
    }
  }

  #templateParameter(parameter: JsonObject): unknown {
    const value = text(parameter.Default) ?? '';
    if (String(parameter.Type).startsWith('AWS::SSM::Parameter::Value')) return this.#ssm(value);
    return String(parameter.Type).startsWith('List') || parameter.Type === 'CommaDelimitedList'
      ? value.split(',')
      : value;
  }

  #getAtt(argument: unknown, stack: StackTemplate): unknown {
    const path =
      typeof argument === 'string' ? argument.split('.') : list(argument).map((part) => this.#value(part, stack));
    const [logicalId = '', ...rest] = path.map(String);
    const attribute = rest.join('.');
    const resource = this.resource(stack, logicalId);
    if (resource === undefined) return `unresolved:${logicalId}.${attribute}`;
    return this.#once(`${stack.stackName}/${logicalId}.${attribute}`, () =>
      this.#attributes.getAtt(resource, attribute),
    );
  }

  #sub(argument: unknown, stack: StackTemplate): string {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const known = object(this.#value(variables, stack));
    return String(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const own = name.trim();
      if (own in known) return String(known[own]);
      return String(own.includes('.') ? this.#getAtt(own, stack) : this.#ref(own, stack));
    });
  }

  #if([condition, whenTrue, whenFalse]: readonly unknown[], stack: StackTemplate): unknown {
    return this.#value(this.#condition(String(condition), stack) ? whenTrue : whenFalse, stack);
  }

  #hasCondition(name: string, stack: StackTemplate): boolean {
    return object(stack.template.Conditions)[name] !== undefined;
  }

  #condition(name: string, stack: StackTemplate): boolean {
    const value = this.#value(object(stack.template.Conditions)[name], stack);
    return flag(value) ?? false;
  }

  #import(exportName: string): unknown {
    for (const stack of this.#stacks.values()) {
      for (const output of Object.values(object(stack.template.Outputs))) {
        const exported = object(object(output).Export).Name;
        if (exported === undefined || this.#value(exported, stack) !== exportName) continue;
        return this.#value(object(output).Value, stack);
      }
    }
    return `unresolved:${exportName}`;
  }

  #stackOutput({ StackName, OutputName }: JsonObject): unknown {
    const stack = this.#stacks.get(String(StackName));
    if (stack === undefined) return `unresolved:${String(StackName)}.${String(OutputName)}`;
    return this.#value(object(object(stack.template.Outputs)[String(OutputName)]).Value, stack);
  }

  /** `{{resolve:ssm:name}}`; what a secret holds is never known offline. */
  #dynamic(value: string): string {
    return value.replace(
      /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}:]+)[^}]*\}\}/g,
      (_, service: string, name: string) => (service === 'ssm' ? this.#ssm(name) : ''),
    );
  }

  #ssm(name: string): string {
    for (const resource of this.resources()) {
      if (resource.type !== 'AWS::SSM::Parameter') continue;
      if (this.#value(resource.properties.Name, resource.stack) !== name) continue;
      return String(this.#value(resource.properties.Value, resource.stack));
    }
    return this.#attributes.parameter(name) ?? '';
  }

  /** Breaks circles, which CloudFormation would refuse anyway. */
  #once(key: string, get: () => unknown): unknown {
    if (this.#underWay.has(key)) return `unresolved:${key}`;
    this.#underWay.add(key);
    try {
      return get();
    } finally {
      this.#underWay.delete(key);
    }
  }
}
