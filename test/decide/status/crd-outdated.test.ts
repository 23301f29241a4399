/** What is told of a live CRD that lacks fields of ours: which, a few by name, and what to do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customResourceDefinition } from '../../../operator/api/crd.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { crdAdvice } from '../../../operator/decide/status/crd-outdated.ts';
import { at } from '../../e2e/support/an-object.ts';

const SCHEMA = 'spec.versions[0].schema.openAPIV3Schema.properties';
const TO_DO = ': apply the one of this version';

/** The CRD of this program, as somebody has changed it. `path` is below the properties of its schema. */
function edited(path: string, edit: (fields: Record<string, unknown>) => void): KubeObject {
  const crd = structuredClone(customResourceDefinition());
  edit(at(crd, `${SCHEMA}.${path}`) as Record<string, unknown>);
  return crd;
}

function without(path: string, ...fields: readonly string[]): KubeObject {
  return edited(path, (known) => {
    for (const field of fields) delete known[field];
  });
}

describe('the live CRD', () => {
  test('of this program gives no advice', () => {
    assert.deepEqual(crdAdvice(customResourceDefinition()), []);
  });

  test('that knows more than this program gives none either', () => {
    const newer = edited('spec.properties', (known) => {
      known.colour = { type: 'string' };
    });

    assert.deepEqual(crdAdvice(newer), []);
  });

  test('that other people have described and labelled gives none', () => {
    const crd = structuredClone(customResourceDefinition());
    const metadata = { ...crd.metadata, labels: { team: 'edge' } };

    assert.deepEqual(crdAdvice({ ...crd, metadata }), []);
  });

  test('that lacks one field has it named by its path', () => {
    const [advice, ...more] = crdAdvice(
      without('spec.properties.failover.properties', 'clearDelay'),
    );

    assert.deepEqual(more, []);
    assert.deepEqual(advice, {
      reason: 'CRDOutdated',
      message: `The CustomResourceDefinition in the cluster does not know \`spec.failover.clearDelay\`${TO_DO}`,
    });
  });

  test('that lacks a whole map has the map named, and not each field of it', () => {
    const [advice] = crdAdvice(without('spec.properties', 'failover'));

    assert.match(advice?.message ?? '', /does not know `spec\.failover`: apply/);
  });

  test('that lacks a field of the status has it named, too', () => {
    const [advice] = crdAdvice(without('status.properties', 'election'));

    assert.match(advice?.message ?? '', /does not know `status\.election`: apply/);
  });

  test('that lacks three fields has all of them named', () => {
    const live = without('spec.properties', 'failover', 'paused', 'rollout');
    const [advice] = crdAdvice(live);

    assert.equal(advice?.message.match(/`spec\.\w+`/g)?.length, 3);
    assert.ok(!advice?.message.includes('more'));
  });

  test('that lacks more has three named and the others counted, whatever their number', () => {
    const all = Object.keys(at(customResourceDefinition(), `${SCHEMA}.spec.properties`) as object);
    assert.ok(all.length > 5);
    for (const count of [4, 5, all.length]) {
      const [advice, ...more] = crdAdvice(without('spec.properties', ...all.slice(0, count)));

      assert.deepEqual(more, []);
      assert.ok(advice?.message.endsWith(` and ${count - 3} more${TO_DO}`), advice?.message);
      assert.ok((advice?.message.length ?? 0) < 500);
    }
  });

  test('without our version lacks everything, and that is one sentence', () => {
    const crd = customResourceDefinition();
    for (const spec of [{ ...(crd.spec as object), versions: [] }, {}, undefined]) {
      const [advice, ...more] = crdAdvice({ ...crd, spec });

      assert.deepEqual(more, []);
      assert.equal(advice?.reason, 'CRDOutdated');
    }
  });
});
