// Generated from operator/api/schema by `npm run generate`. Do not edit.
import type { ErrorObject } from 'ajv';
import type { IngressControllerHA } from './types.generated.ts';

/** Checks the structure, fills in defaults (in `data` itself) and leaves its findings in `errors`. */
export declare const validate: {
  (data: unknown): data is IngressControllerHA;
  errors?: readonly ErrorObject[] | null;
};
