/**
 * Surge or Recreate: while pods of the other election mode run, a surging pod would be a second
 * writer beside them, so they must be gone before the first new one starts.
 */
import type { Ha } from '../../api/ha.ts';
import type { PodReplacement } from '../../desired/pod/deployment.ts';
import type { Present } from '../observed/observation.ts';

/** How the Deployment is to replace its pods now. */
export function replacementFor(ha: Ha, { pods }: Pick<Present, 'pods'>): PodReplacement {
  const other = pods.some(
    ({ electionMode }) => electionMode !== undefined && electionMode !== ha.election.mode,
  );
  return other || ha.election.mode === 'Disabled' ? 'Recreate' : 'Surge';
}
