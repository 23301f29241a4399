/** The whole resource: the one source of the CRD, the validator, the types and the reference. */
import { RESOURCE_RULES } from '../rules/formats.ts';
import { object, type Schema } from './build.ts';
import { specSchema } from './spec.ts';
import { statusSchema } from './status.ts';

/** The root of the schema. */
export const resourceSchema: Schema = object(
  'IngressControllerHA',
  'Runs the Apache APISIX or API7 ingress controller highly available: one replica leads, the others stand by, and one of them takes over when the leader is gone.',
  {
    rules: RESOURCE_RULES,
    properties: {
      apiVersion: { type: 'string', description: 'Version of the API.' },
      kind: { type: 'string', description: 'Kind of the resource.' },
      // Kubernetes' own: a CRD may not even describe it.
      metadata: { type: 'object', description: '' },
      spec: specSchema,
      status: statusSchema,
    },
    required: ['apiVersion', 'kind', 'metadata'],
  },
);
