/** The version of what commands print for programs. */
import { API_GROUP } from '../../base/resource-kinds.ts';

/** `apiVersion` of every report. Fields may be added to it; whatever changes a meaning gets another version. */
export const REPORT_VERSION = `cli.${API_GROUP}/v1alpha1` as const;
