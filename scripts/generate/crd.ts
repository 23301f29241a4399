/** The CustomResourceDefinition as YAML. */
import { crdYaml } from '../../operator/cli/crds/crd-yaml.ts';

/** etcd takes 1.5 MB; far below it, `kubectl apply` and reviews stay quick. */
const MAX_BYTES = 200 * 1024;

/** The content of crds/ingresscontrollerhas.yaml, safe for YAML 1.1 readers too. */
export function crdContent(): string {
  const yaml = crdYaml();
  if (Buffer.byteLength(yaml) > MAX_BYTES) {
    throw new Error(`The CRD is larger than ${MAX_BYTES} bytes`);
  }
  return `# Generated from operator/api/schema by \`npm run generate\`. Do not edit.\n${yaml}`;
}
