/** Compares the shapes of Kubernetes in our schema with the OpenAPI document of a real API server. */
import type { Schema } from '../../operator/api/schema/build.ts';

/** What is read of a schema of OpenAPI v3. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
}

export type Definitions = Readonly<Record<string, OpenApiSchema>>;

/** Known to Kubernetes, and refused by it in a pod template; or of the metadata of any object. */
const NEVER_IN_A_TEMPLATE = ['ephemeralContainers', 'managedFields', 'ownerReferences'];
const METADATA = ['labels', 'annotations'];

/** Paths of the fields of `theirs` that `ours` would drop. */
export function fieldsThatWeDrop(
  ours: Schema,
  theirs: OpenApiSchema,
  definitions: Definitions,
  path = '',
): readonly string[] {
  const their = resolved(theirs, definitions);
  const inList = ours.items === undefined ? [] : below(ours.items, their.items, '[]');
  const fields = Object.entries(their.properties ?? {}).filter(
    ([name]) => !NEVER_IN_A_TEMPLATE.includes(name) && isKept(path, name),
  );
  return [
    ...inList,
    ...fields.flatMap(([name, field]) => {
      const same = ours.properties?.[name];
      const place = `${path}.${name}`;
      if (same === undefined) return [place];
      return fieldsThatWeDrop(same, field, definitions, place);
    }),
  ];

  function below(item: Schema, their: OpenApiSchema | undefined, step: string) {
    if (their === undefined) return [`${path}${step}`];
    return fieldsThatWeDrop(item, their, definitions, `${path}${step}`);
  }
}

function isKept(path: string, name: string): boolean {
  return !path.endsWith('.metadata') || METADATA.includes(name);
}

function resolved(schema: OpenApiSchema, definitions: Definitions): OpenApiSchema {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return ref === undefined ? schema : (definitions[ref.split('/').at(-1) ?? ''] ?? {});
}
