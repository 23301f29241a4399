/** The CustomResourceDefinition, made from the schema. `crds/` holds its YAML. */
import { defined } from '../base/defined.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { isObject } from '../base/read.ts';
import {
  API_GROUP,
  API_VERSION,
  CustomResourceDefinitionKind,
  IngressControllerHAKind,
  RESOURCE_KIND,
  typeMeta,
} from '../base/resource-kinds.ts';
import type { Rule } from './rules/rule.ts';
import type { Schema } from './schema/build.ts';
import { resourceSchema } from './schema/resource.ts';
import { pathTo } from './walk.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const plural = IngressControllerHAKind.plural;

/** Name of the CustomResourceDefinition in a cluster. */
export const CRD_NAME = `${plural}.${API_GROUP}`;

const VERSION = API_VERSION.slice(API_GROUP.length + 1);
const READY = '.status.conditions[?(@.type=="Ready")]';

/** What `kubectl get icha` shows; the last three but one only with `-o wide`. */
const PRINTER_COLUMNS: readonly JsonObject[] = [
  { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
  { name: 'Ready', type: 'string', jsonPath: `${READY}.status` },
  { name: 'Leader', type: 'string', jsonPath: '.status.leader.podName' },
  { name: 'Image', type: 'string', priority: 1, jsonPath: '.status.controller.managerImage' },
  { name: 'Reason', type: 'string', priority: 1, jsonPath: `${READY}.reason` },
  { name: 'Message', type: 'string', priority: 1, jsonPath: `${READY}.message` },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The CustomResourceDefinition as it is applied. */
export function customResourceDefinition(): KubeObject {
  return {
    ...typeMeta(CustomResourceDefinitionKind),
    metadata: { name: CRD_NAME },
    spec: {
      group: API_GROUP,
      names: {
        kind: RESOURCE_KIND,
        listKind: `${RESOURCE_KIND}List`,
        plural,
        singular: RESOURCE_KIND.toLowerCase(),
        shortNames: ['icha'],
        categories: ['ingressha'],
      },
      scope: IngressControllerHAKind.scope,
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: PRINTER_COLUMNS,
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
          schema: { openAPIV3Schema: openApi(resourceSchema) },
        },
      ],
    },
  };
}

/** A schema node as Kubernetes reads it: rules become x-kubernetes-validations. */
export function openApi(schema: Schema): JsonObject {
  const { rules = [], typeName: _, shape: __, description, ...rest } = schema;
  const { properties, additionalProperties, items, ...plain } = rest;
  return defined({
    description: description === '' ? undefined : description,
    ...plain,
    properties: properties && openApiFields(properties),
    additionalProperties: additionalProperties && openApi(additionalProperties),
    items: items && openApi(items),
    'x-kubernetes-validations': rules.length === 0 ? undefined : rules.map(validation),
  });
}

function openApiFields(properties: Readonly<Record<string, Schema>>): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, openApi(field)]),
  );
}

function validation({ cel, message, withValues, fieldPath }: Rule): JsonObject {
  return defined({ rule: cel, message, messageExpression: withValues?.cel, fieldPath });
}

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

/** How a live CRD stores the status; undefined when it does not serve our version, or says nothing of it. */
export function statusSchemaOf(liveCrd: KubeObject): JsonObject | undefined {
  const schema = member(member(versionSchema(liveCrd), 'properties'), 'status');
  return isObject(schema) ? schema : undefined;
}

/** Versions that the CRD of this program serves. */
export const SERVED_VERSIONS: readonly string[] = [VERSION];

function versionSchema(crd: KubeObject): unknown {
  const versions = member(crd.spec, 'versions');
  const version = Array.isArray(versions)
    ? versions.find((candidate) => member(candidate, 'name') === VERSION)
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
