/** Our names and labels never meet those that the vendors' charts give, in the same namespace. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredObjects } from '../../operator/desired/desired.ts';
import { childLabels, MANAGED_BY, selectorLabels } from '../../operator/desired/naming.ts';
import { anHa, aPolicy } from '../support/an-ha.ts';

const RELEASES = ['apisix', 'api7', 'ingress', 'apisix-ingress-controller', 'prod-icha'];
const CHARTS = ['apisix-ingress-controller', 'ingress-controller', 'api7-ingress-controller'];

test('shares no name with an object of a vendor release that is called like the resource', () => {
  for (const release of RELEASES) {
    const vendors = new Set(CHARTS.flatMap((chart) => vendorNames(release, chart)));

    const ours = desiredObjects(anHa({ name: release }), aPolicy())
      .filter(({ kind }) => kind !== 'Lease') // the one name that is shared on purpose, to migrate
      .map(({ kind, metadata }) => `${kind}/${metadata.name}`);

    assert.deepEqual(
      ours.filter((name) => vendors.has(name)),
      [],
    );
  }
});

test('has pods that no selector of a vendor chart or of our own chart matches', () => {
  for (const release of RELEASES) {
    const labels = selectorLabels(anHa({ name: release }));

    for (const chart of [...CHARTS, 'apisix', MANAGED_BY]) {
      assert.notEqual(labels['app.kubernetes.io/name'], chart);
    }
  }
});

test('lets no inherited label override one of ours', () => {
  const mine = {
    'app.kubernetes.io/managed-by': 'me',
    'app.kubernetes.io/name': 'mine',
    team: 'x',
  };
  const plain = childLabels(anHa());

  const labels = childLabels(anHa({ inherited: { labels: mine } }));

  assert.deepEqual(labels, { ...plain, team: 'x' });
});

/** Namespaced objects of the charts, as their templates name them. */
function vendorNames(release: string, chart: string): readonly string[] {
  const fullName = release.includes(chart) ? release : `${release}-${chart}`;
  const names: Readonly<Record<string, readonly string[]>> = {
    Deployment: [fullName, release],
    Service: [
      fullName,
      release,
      `${release}-metrics-service`,
      `${release}-admin`,
      `${release}-gateway`,
      `${fullName}-webhook-svc`,
    ],
    ConfigMap: [`${release}-ingress-config`, release],
    Role: [
      `${release}-apisix-ingress-leader-election-role`,
      `${release}-api7-ingress-leader-election-role`,
    ],
    RoleBinding: [
      `${release}-apisix-ingress-leader-election-rolebinding`,
      `${release}-api7-ingress-leader-election-rolebinding`,
    ],
    PodDisruptionBudget: [fullName, release],
  };
  return Object.entries(names).flatMap(([kind, all]) => all.map((name) => `${kind}/${name}`));
}
