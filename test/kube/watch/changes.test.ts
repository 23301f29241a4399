/** The store and the changes tell the same story, whatever arrives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { type Change, createChangeTracker } from '../../../operator/kube/watch/changes.ts';
import { type Log, silentLog } from '../../../operator/telemetry/log.ts';

/** The tracker guards its handler; here a complaint must end the test. */
const outcry: Log = {
  ...silentLog,
  error(message, fields) {
    throw new Error(`${message}: ${JSON.stringify(fields)}`);
  },
};

/** What a reader of the changes alone believes; it checks that they make sense one by one. */
function believer() {
  const believed = new Map<string, KubeObject>();
  const onChange = (change: Change) => {
    if (change.kind === 'delete') {
      assert.ok(believed.delete(change.last.metadata.name), 'a delete of something unknown');
      return;
    }
    assert.deepEqual(believed.get(change.object.metadata.name), change.old);
    if (change.kind === 'update') assert.notDeepEqual(change.object, change.old);
    believed.set(change.object.metadata.name, change.object);
  };
  return { believed, onChange };
}

const object = fc.record({ name: fc.nat(4), uid: fc.nat(1), version: fc.nat(3) }).map(
  ({ name, uid, version }): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${name}`, uid: `${name}-${uid}`, resourceVersion: `${version}` },
  }),
);
const arrival = fc.oneof(
  fc.record({ list: fc.uniqueArray(object, { selector: ({ metadata }) => metadata.name }) }),
  fc.record({ type: fc.constantFrom('ADDED' as const, 'MODIFIED' as const), object }),
  fc.record({ type: fc.constant('DELETED' as const), object }),
);

test('who follows the changes knows what the store knows', () => {
  fc.assert(
    fc.property(fc.array(arrival), (arrivals) => {
      const { believed, onChange } = believer();
      const tracker = createChangeTracker({ transform: (one) => one, onChange, log: outcry });
      for (const one of arrivals) {
        if ('list' in one) tracker.replace(one.list);
        else tracker.process(one);
        assert.deepEqual(new Map(tracker.store.list().map((o) => [o.metadata.name, o])), believed);
      }
    }),
  );
});
