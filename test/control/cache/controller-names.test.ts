/** Who is told of whom, and whom a change concerns: always as if all had been compared with all. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import {
  API_VERSION,
  IngressControllerHAKind,
  RESOURCE_KIND,
} from '../../../operator/base/resource-kinds.ts';
import { Caches } from '../../../operator/control/cache/caches.ts';
import { ControllerNames } from '../../../operator/control/cache/controller-names.ts';
import { NOTHING_SEEN } from '../../../operator/decide/observed/failover-view.ts';
import { moreText, type SharedName } from '../../../operator/decide/observed/shared-name.ts';
import { adviceFor } from '../../../operator/decide/status/advice.ts';
import { anHa, aPolicy } from '../../support/an-ha.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const text = ({ named, more }: SharedName) => `${named.join(' ')}${moreText(more)}`;
const keyAt = (place: number) => `ns/r${String(place).padStart(4, '0')}`;

function naively(names: ReadonlyMap<string, string>, key: string): SharedName {
  const all = [...names].filter(([, name]) => name === names.get(key)).map(([it]) => it);
  const keys = all.toSorted();
  const place = keys.indexOf(key);
  const others = [...keys.slice(place + 1), ...keys.slice(0, place)];
  return { named: others.slice(0, 3).toSorted(), more: Math.max(0, others.length - 3) };
}

test('whoever is told something else than before is named as concerned, and next to nobody else', () => {
  const change = fc.tuple(
    fc.nat({ max: 130 }),
    fc.constantFrom('a', 'a', 'a', 'a', 'b', undefined),
  );
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 400 }), (changes) => {
      const index = new ControllerNames();
      const names = new Map<string, string>();
      for (const [place, name] of changes) {
        const before = new Map([...names.keys()].map((key) => [key, text(naively(names, key))]));
        const key = keyAt(place);
        if (name === undefined) names.delete(key);
        else names.set(key, name);

        const concerned = index.set(key, name);

        for (const other of names.keys()) {
          const now = text(naively(names, other));
          assert.equal(text(index.sharedWith(other)), now);
          if (other !== key && now !== before.get(other)) assert.ok(concerned.has(other), other);
        }
        assert.ok(!concerned.has(key));
      }
    }),
    { numRuns: 60 },
  );
});

test('of more than a hundred others no number is told, so that one more is no news', () => {
  assert.deepEqual([0, 1, 100, 101, 996].map(moreText), [
    '',
    ', and 1 more',
    ', and 100 more',
    ', and over 100 more',
    ', and over 100 more',
  ]);
});

describe('one of 1,000 resources of one controllerName', () => {
  function aThousand() {
    const woken: string[] = [];
    const caches = new Caches(createManualClock(), { enqueue: ({ name }) => woken.push(name) });
    let version = 0;
    const tell = (name: string, controllerName = 'example.com/one') => {
      version += 1;
      const metadata = { namespace: 'ns', name, uid: name, resourceVersion: `${version}` };
      const spec = { controller: { config: { controllerName } } };
      const object: KubeObject = { apiVersion: API_VERSION, kind: RESOURCE_KIND, metadata, spec };
      caches.deliver(IngressControllerHAKind, { kind: 'add', object });
      return object;
    };
    const objects = Array.from({ length: 1_000 }, (_, place) =>
      tell(`r${String(place).padStart(4, '0')}`),
    );
    woken.length = 0;
    return { woken, caches, tell, objects };
  }

  test('that comes wakes those whose neighbour it is, and itself', () => {
    const { woken, tell } = aThousand();

    tell('r0500-new');

    assert.deepEqual(woken.toSorted(), ['r0498', 'r0499', 'r0500', 'r0500-new']);
  });

  test('that comes first of all, or changes its name, or goes, wakes as few', () => {
    const { woken, caches, tell } = aThousand();
    const first = tell('a');
    assert.equal(woken.splice(0).length, 4);

    tell('a', 'example.com/other');
    assert.deepEqual(woken.splice(0).toSorted(), ['a', 'r0997', 'r0998', 'r0999']);

    tell('a');
    woken.length = 0;
    caches.deliver(IngressControllerHAKind, { kind: 'delete', last: first });
    assert.equal(woken.length, 4);
  });

  test('is told three others and a count, in a sentence that any condition holds', () => {
    const { caches } = aThousand();
    const sameController = caches.sharedWith({ namespace: 'ns', name: 'r0007' });

    const [advice] = adviceFor(anHa(), { sameController, failover: NOTHING_SEEN }, aPolicy());

    assert.equal(advice?.reason, 'ControllerNameShared');
    assert.match(
      advice?.message ?? '',
      /is also used by "ns\/r0008", "ns\/r0009", "ns\/r0010", and over 100 more: /,
    );
  });
});
