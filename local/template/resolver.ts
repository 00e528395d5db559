import type { StackTemplate } from './assembly.ts';
import { applyIntrinsic, holds } from './intrinsics.ts';
import { isObject, type JsonObject, list, object, text } from './json.ts';
import { noValue, pseudoParameter } from './pseudo-parameters.ts';

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
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument), stack);
      case 'Fn::GetAtt':
        return this.#getAtt(argument, stack);
      case 'Fn::Sub':
        return this.#sub(argument, stack);
      case 'Fn::If': {
        const [condition, whenTrue, whenFalse] = list(argument);
        return this.#value(this.#condition(String(condition), stack) ? whenTrue : whenFalse, stack);
      }
      case 'Fn::ImportValue':
        return this.#import(String(this.#value(argument, stack)));
      case 'Fn::GetStackOutput':
        return this.#stackOutput(object(this.#value(argument, stack)));
      case 'Condition':
        // The same key stands in policy statements, with an object.
        if (typeof argument !== 'string') return { Condition: this.#value(argument, stack) };
        return this.#condition(argument, stack);
      default: {
        const scope = { region: stack.region, mappings: object(stack.template.Mappings) };
        return applyIntrinsic(name, this.#value(argument, stack), scope);
      }
    }
  }

  #ref(name: string, stack: StackTemplate): unknown {
    const pseudo = pseudoParameter(name, stack);
    if (pseudo !== undefined) return pseudo;
    const parameter = object(object(stack.template.Parameters)[name]);
    if (parameter.Type !== undefined) return this.#templateParameter(parameter);
    const resource = this.resource(stack, name);
    if (resource === undefined) return `unresolved:${name}`;
    return this.#once(`${stack.stackName}/${name}`, () => this.#attributes.ref(resource));
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

  #condition(name: string, stack: StackTemplate): boolean {
    return holds(this.#value(object(stack.template.Conditions)[name], stack));
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
