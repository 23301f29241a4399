/** The PodMonitors, the PrometheusRule and the dashboard: when they are rendered, and what values do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { NAME_LABEL, selectorLabels } from '../../operator/desired/naming.ts';
import { METRICS_PORT_NAME } from '../../operator/desired/pod/containers.ts';
import { dashboardContent } from '../../scripts/generate/chart/dashboard.ts';
import { only, renderObjects } from './support/helm.ts';
import { ALL_ON, alertsOf, dashboardsOf } from './support/monitoring.ts';

interface PodMonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly namespaceSelector: { readonly matchNames: readonly string[] };
  readonly podTargetLabels?: readonly string[];
  readonly podMetricsEndpoints: readonly Readonly<Record<string, unknown>>[];
}

const on = await renderObjects(ALL_ON);

test('nothing of it is there by default', async () => {
  const objects = await renderObjects();

  const kinds = new Set(objects.map(({ kind }) => kind));
  assert.ok(!kinds.has('PodMonitor') && !kinds.has('PrometheusRule'));
  assert.deepEqual(dashboardsOf(objects), []);
});

test('releases of one name can put it all into one namespace', async () => {
  const shared = ['podMonitor', 'prometheusRule', 'dashboard'].flatMap((part) => [
    '--set',
    `${part}.namespace=monitoring`,
  ]);
  const namesIn = async (namespace: string) =>
    monitoringOf(await renderObjects([...ALL_ON, ...shared, '--namespace', namespace])).map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`,
    );

  const both = [...(await namesIn('edge-a')), ...(await namesIn('edge-b'))];

  assert.equal(both.length, 8);
  assert.equal(new Set(both).size, 8);
  assert.ok(both.every((name) => name.includes(' monitoring/')));
});

describe('the PodMonitor of the operator', () => {
  const { spec } = podMonitors(on).operator;

  test('finds the pods of the Deployment, in the namespace of the release', () => {
    const { metadata, spec: deployment } = only(on, 'Deployment');
    const { template } = deployment as { template: { metadata: KubeObject['metadata'] } };

    assert.deepEqual(spec.namespaceSelector.matchNames, [metadata.namespace]);
    assertSelects(spec, template.metadata.labels);
  });

  test('scrapes a port that the pods have', () => {
    assert.ok(JSON.stringify(only(on, 'Deployment').spec).includes('"name":"metrics"'));
    assert.equal(spec.podMetricsEndpoints[0]?.port, 'metrics');
  });

  test('keeps the labels of ingressha_leader, and sets the job that alerts select by', () => {
    assert.equal(spec.podMetricsEndpoints[0]?.honorLabels, true);
    assert.deepEqual(spec.podMetricsEndpoints[0]?.relabelings, [
      { targetLabel: 'job', replacement: 'ingress-controller-ha' },
    ]);
  });
});

describe('the PodMonitor of the controllers', () => {
  const { spec } = podMonitors(on).controllers;

  test('finds the pods of every resource, leaders and standbys', () => {
    assertSelects(spec, selectorLabels({ name: 'a' }));
    assertSelects(spec, selectorLabels({ name: 'b' }));
  });

  test('looks into all served namespaces', async () => {
    const objects = await renderObjects([...ALL_ON, '--set', 'servedNamespaces={b,a}']);

    assert.deepEqual(podMonitors(objects).controllers.spec.namespaceSelector.matchNames, [
      'a',
      'b',
    ]);
  });

  test('scrapes plain HTTP from the port that the operator renders', () => {
    assert.equal(spec.podMetricsEndpoints[0]?.port, METRICS_PORT_NAME);
    assert.equal(spec.podMetricsEndpoints[0]?.scheme, 'http');
  });

  test('carries the name of the resource over', () => {
    assert.deepEqual(spec.podTargetLabels, [NAME_LABEL]);
  });
});

test('the values of the PodMonitors reach both', async () => {
  const objects = await renderObjects([
    ...ALL_ON,
    ...['--set', 'podMonitor.namespace=monitoring,podMonitor.interval=15s'],
    ...['--set', 'podMonitor.scrapeTimeout=5s,podMonitor.labels.release=prometheus'],
    ...['--set', 'podMonitor.annotations.note=yes'],
    ...['--set-json', 'podMonitor.relabelings=[{"action":"drop"}]'],
    ...['--set-json', 'podMonitor.metricRelabelings=[{"action":"keep"}]'],
  ]);

  for (const { metadata, spec } of Object.values(podMonitors(objects))) {
    assert.equal(metadata.namespace, 'monitoring');
    assert.equal(metadata.labels?.release, 'prometheus');
    assert.deepEqual(metadata.annotations, { note: 'yes' });
    const { interval, scrapeTimeout, relabelings, metricRelabelings } =
      spec.podMetricsEndpoints[0] ?? {};
    assert.deepEqual([interval, scrapeTimeout], ['15s', '5s']);
    assert.deepEqual((relabelings as unknown[]).at(-1), { action: 'drop' });
    assert.deepEqual(metricRelabelings, [{ action: 'keep' }]);
  }
});

test('a label that is common and the monitor’s own counts as the monitor’s', async () => {
  const objects = await renderObjects([
    ...ALL_ON,
    ...['--set', 'commonLabels.release=edge,podMonitor.labels.release=prometheus'],
  ]);

  assert.equal(podMonitors(objects).operator.metadata.labels?.release, 'prometheus');
  assert.equal(only(objects, 'PrometheusRule').metadata.labels?.release, 'edge');
});

describe('the PrometheusRule', () => {
  test('takes namespace, labels and annotations', async () => {
    const { metadata } = only(
      await renderObjects([
        ...ALL_ON,
        ...['--set', 'prometheusRule.namespace=monitoring,prometheusRule.labels.release=x'],
        ...['--set', 'prometheusRule.annotations.note=yes'],
      ]),
      'PrometheusRule',
    );

    assert.equal(metadata.namespace, 'monitoring');
    assert.equal(metadata.labels?.release, 'x');
    assert.deepEqual(metadata.annotations, { note: 'yes' });
  });

  test('leaves out what excludeRules names', async () => {
    const value = 'prometheusRule.excludeRules={IngressHANoStandby,IngressHAFailoverSlow}';
    const left = alertsOf(await renderObjects([...ALL_ON, '--set', value]));

    const gone = ['IngressHANoStandby', 'IngressHAFailoverSlow'];
    const expected = namesOf(on).filter((name) => !gone.includes(name));
    assert.deepEqual(
      left.map(({ alert }) => alert),
      expected,
    );
    assert.equal(left.length, namesOf(on).length - 2);
  });

  test('is not rendered when no alert is left', async () => {
    const value = `prometheusRule.excludeRules={${namesOf(on).join(',')}}`;
    const objects = await renderObjects([...ALL_ON, '--set', value]);

    assert.ok(!objects.some(({ kind }) => kind === 'PrometheusRule'));
  });

  test('links runbooks only where runbookUrl says where they are', async () => {
    const url = 'https://docs.example/runbooks';
    for (const value of [url, `${url}/`]) {
      const linked = await renderObjects([
        ...ALL_ON,
        ...['--set', `prometheusRule.runbookUrl=${value}`],
      ]);
      for (const { alert, annotations } of alertsOf(linked)) {
        assert.equal(annotations.runbook_url, `${url}/${alert}.md`);
      }
    }
    assert.ok(alertsOf(on).every(({ annotations }) => annotations.runbook_url === undefined));
  });

  test('asks for the operator in the namespace of the release, and leaves Prometheus its templates', () => {
    const down = alertsOf(on).find(({ alert }) => alert === 'IngressHAOperatorDown');

    assert.ok(down?.expr.includes('namespace="edge-system"'));
    assert.ok(down?.annotations.description?.includes('{{ $labels.namespace }}'));
    assert.ok(!JSON.stringify(alertsOf(on)).includes('RELEASE_NAMESPACE'));
  });
});

describe('the dashboard', () => {
  test('is the generated one, byte for byte', () => {
    assert.deepEqual(Object.values(dashboardOf(on).data ?? {}), [dashboardContent()]);
  });

  test('takes namespace, labels and annotations', async () => {
    const { metadata } = dashboardOf(
      await renderObjects([
        ...ALL_ON,
        ...['--set', 'dashboard.namespace=monitoring,dashboard.labels.mine=x'],
        ...['--set', 'dashboard.annotations.folder=edge'],
      ]),
    );

    assert.equal(metadata.namespace, 'monitoring');
    assert.equal(metadata.labels?.mine, 'x');
    assert.equal(metadata.labels?.grafana_dashboard, '1');
    assert.deepEqual(metadata.annotations, { folder: 'edge' });
  });
});

function monitoringOf(objects: readonly KubeObject[]): readonly KubeObject[] {
  const kinds = ['PodMonitor', 'PrometheusRule'];
  return [...objects.filter(({ kind }) => kinds.includes(kind)), ...dashboardsOf(objects)];
}

function podMonitors(objects: readonly KubeObject[]) {
  const found = objects.filter(({ kind }) => kind === 'PodMonitor');
  const [controllers, operator] = found.toSorted((a, b) =>
    String(b.metadata.name).localeCompare(String(a.metadata.name)),
  ) as unknown as readonly (Pick<KubeObject, 'metadata'> & { readonly spec: PodMonitorSpec })[];
  assert.equal(found.length, 2);
  assert.ok(operator !== undefined && controllers !== undefined);
  return { operator, controllers };
}

function assertSelects({ selector }: PodMonitorSpec, labels: KubeObject['metadata']['labels']) {
  assert.ok(Object.keys(selector.matchLabels).length > 0);
  for (const [key, value] of Object.entries(selector.matchLabels)) {
    assert.equal(labels?.[key], value, key);
  }
}

function namesOf(objects: readonly KubeObject[]): readonly string[] {
  return alertsOf(objects).map(({ alert }) => alert);
}

function dashboardOf(objects: readonly KubeObject[]) {
  const [dashboard] = dashboardsOf(objects);
  assert.ok(dashboard !== undefined);
  return dashboard as KubeObject & { readonly data?: Readonly<Record<string, string>> };
}
