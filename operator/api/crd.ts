/** The CustomResourceDefinition, made from the schema. `crds/` holds its YAML. */
import { defined } from '../base/defined.ts';
import type { KubeObject } from '../base/kube-object.ts';
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

type JsonObject = Readonly<Record<string, unknown>>;

const plural = IngressControllerHAKind.plural;

/** Name of the CustomResourceDefinition in a cluster. */
export const CRD_NAME = `${plural}.${API_GROUP}`;

const VERSION = API_VERSION.slice(API_GROUP.length + 1);
/** Versions that the CRD of this program serves. The first one is stored. */
export const SERVED_VERSIONS: readonly [string] = [VERSION];

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
function openApi(schema: Schema): JsonObject {
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
