/** Why a Lease is left to expire, in words: for status, events, and the documentation. */
import type { RefuseReason } from './types.ts';

/** One sentence for each reason, without names, so that the same state gives the same bytes. */
export const REFUSALS: Readonly<Record<RefuseReason, string>> = {
  disabled: '`failover.mode` is Disabled',
  'observe-only': '`failover.mode` is Observe: the operator would have freed the Lease',
  'lease-foreign': 'The Lease does not carry our labels, or has an owner',
  'coordinated-election':
    'The Lease has `strategy` or `preferredHolder`: another component decides who holds it',
  'holder-unknown': 'The holder is no pod of this resource, or its identity does not tell its pod',
  'holder-unbound': 'The holder was not seen alive by this operator, so its death cannot be told',
  'death-unproven':
    'No kubelet has reported the end of the holder: a pod that is gone, or a status that was only inferred, proves nothing',
  'death-contradicted':
    'The holder has renewed the Lease, or was seen running, after a kubelet reported its end: that report counts no more',
  'pod-shape':
    'In pods of this shape the end of the container does not prove the end of the holder',
  'force-deleted': 'The pod was deleted without waiting for its kubelet',
  'version-unsafe':
    'With this release of the controller leadership must not return to a pod that crashed',
  'incarnation-unclear': 'The holder may live on in the next container of the same pod',
  'already-cleared':
    'The Lease was freed of this holder before, or another one has led since, and it came back',
  suspended: 'Leaders crash in a loop: freeing the Lease faster would only feed it',
  'node-not-ready':
    'The node of the holder is not Ready, so its kubelet may not see what runs there',
};
