/** What the library says that Flux, Helm and others wait with. */
import { join } from 'node:path';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { run } from '../../testbed/run.ts';
import type { Testbed } from '../../testbed/testbed.ts';

/** One word an object: InProgress, Current, Failed or Terminating. */
export async function kstatusOf(
  { binDir }: Testbed,
  objects: readonly KubeObject[],
): Promise<readonly string[]> {
  const input = objects.map((object) => JSON.stringify(object)).join('\n');
  const answers = await run(join(binDir, 'kstatus'), [], { input });
  return answers
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).status);
}
