/**
 * Which inherited labels and annotations reach pods. Meshes, secret stores and other webhooks act on a pod
 * by such keys, and may put an image of somebody's choice beside the controllers' account, which reads all
 * Secrets. So pods get those only that the installer allows, and so does the Deployment its annotations,
 * by which other tools rewrite its pod template; the other children get all of them.
 */
import type { Ha } from '../../api/ha.ts';
import type { InstallerPolicy } from '../installer.ts';

/** An entry of the installer's list: a whole key, or every key of a domain as `example.com/*`. */
export const POD_METADATA_ENTRY =
  /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$|^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/\*$/;

type Inherited = Ha['inherited'];
type Allowed = Pick<InstallerPolicy, 'allowedPodMetadata'>;

/** What of it reaches the pod template. */
export function podMetadata({ labels, annotations }: Inherited, policy: Allowed): Inherited {
  return { labels: allowedOf(labels, policy), annotations: allowedOf(annotations, policy) };
}

/** Keys that pods do not get, sorted, each once. */
export function keysLeftOffPods(
  { labels, annotations }: Inherited,
  policy: Allowed,
): readonly string[] {
  const keys = new Set([...Object.keys(labels), ...Object.keys(annotations)]);
  return [...keys].filter((key) => !isAllowed(key, policy)).toSorted();
}

function allowedOf(map: Readonly<Record<string, string>>, policy: Allowed) {
  return Object.fromEntries(Object.entries(map).filter(([key]) => isAllowed(key, policy)));
}

function isAllowed(key: string, { allowedPodMetadata }: Allowed): boolean {
  return allowedPodMetadata.some((entry) =>
    entry.endsWith('/*') ? key.startsWith(entry.slice(0, -1)) : key === entry,
  );
}
