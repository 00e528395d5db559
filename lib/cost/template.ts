/** As much of a CloudFormation template as whoever reads one here needs. */
export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

export const allResources = (template: Template): Resource[] => Object.values(template.Resources ?? {});

/** Memory of our functions, by the last part of the deterministic name, `switchboard-<stage>-<name>`. */
export function memoryMb(templates: readonly Template[]): Map<string, number> {
  const functions = templates.flatMap(allResources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return new Map(
    functions.flatMap(({ Properties = {} }) => {
      const name = /^switchboard-[a-z0-9]+-(.+)$/.exec(String(Properties.FunctionName))?.[1];
      return name === undefined ? [] : [[name, Number(Properties.MemorySize)] as const];
    }),
  );
}
