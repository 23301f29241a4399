/** A CustomResourceDefinition as a cluster has it, compared with ours. It may be of an older or newer version. */
import type { KubeObject } from '../base/kube-object.ts';
import { isObject } from '../base/read.ts';
import { customResourceDefinition, SERVED_VERSIONS } from './crd.ts';
import { pathTo } from './problem.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Fields of ours that a live CRD lacks and therefore drops, for example `spec.failover.clearDelay`. */
export function fieldsMissingFrom(liveCrd: KubeObject): readonly string[] {
  return droppedFields({
    wanted: versionSchema(customResourceDefinition()),
    by: versionSchema(liveCrd),
    path: '',
  });
}

/** The reverse: fields that a live CRD knows, and that ours would drop from stored resources. */
export function fieldsOnlyIn(liveCrd: KubeObject): readonly string[] {
  return droppedFields({
    wanted: versionSchema(liveCrd),
    by: versionSchema(customResourceDefinition()),
    path: '',
  });
}

/** The schema by which a live CRD stores the status; undefined when it does not serve our version, or has none. */
export function statusSchemaOf(liveCrd: KubeObject): JsonObject | undefined {
  const schema = member(member(versionSchema(liveCrd), 'properties'), 'status');
  return isObject(schema) ? schema : undefined;
}

function versionSchema(crd: KubeObject): unknown {
  const versions = member(crd.spec, 'versions');
  const version = Array.isArray(versions)
    ? versions.find((candidate) => member(candidate, 'name') === SERVED_VERSIONS[0])
    : undefined;
  return member(member(version, 'schema'), 'openAPIV3Schema');
}

interface Comparison {
  /** A schema with the fields that shall be kept. */
  readonly wanted: unknown;
  /** The schema that would drop what it does not know. */
  readonly by: unknown;
  readonly path: string;
}

/** What is below a field that is dropped is not named. */
function droppedFields({ wanted, by, path }: Comparison): readonly string[] {
  const keepsUnknown = member(by, 'x-kubernetes-preserve-unknown-fields') === true;
  const inList = member(wanted, 'items');
  if (inList !== undefined) {
    const items = member(by, 'items');
    if (items === undefined && keepsUnknown) return [];
    return droppedFields({ wanted: inList, by: items, path: `${path}[]` });
  }
  const fields = member(wanted, 'properties');
  if (!isObject(fields)) return [];
  return Object.entries(fields).flatMap(([name, field]) => {
    const place = pathTo(path, name);
    const same = member(member(by, 'properties'), name);
    if (same !== undefined) return droppedFields({ wanted: field, by: same, path: place });
    return keepsUnknown ? [] : [place];
  });
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
