/** As much of a CloudFormation template as a price or a permission needs. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

export const allResources = (template: Template): Resource[] => Object.values(template.Resources ?? {});
