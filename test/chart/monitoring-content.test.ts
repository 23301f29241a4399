/** What alerts and dashboard say: only what our metrics support, and each alert with a page. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dashboardContent } from '../../scripts/generate/chart/dashboard.ts';
import { CHART, renderObjects } from './support/helm.ts';
import {
  ALL_ON,
  type Alert,
  alertsOf,
  type Dashboard,
  KNOWN,
  panelsOf,
  TARGET_LABELS,
} from './support/monitoring.ts';
import { namesIn } from './support/promql.ts';

const RUNBOOKS = join(CHART, '..', 'docs', 'runbooks');

const alerts = alertsOf(await renderObjects(ALL_ON));
const dashboard: Dashboard = JSON.parse(dashboardContent());
const panels = panelsOf(dashboard);

test('names are found in an expression, and nothing else', () => {
  const expression =
    'sum by (a) (rate(m_total{b="x by (c)", d=~"e"}[5m])) / on (a) n offset 1h unless absent(o) > 2';

  assert.deepEqual(namesIn(expression), {
    metrics: new Set(['m_total', 'n', 'o']),
    labels: new Set(['a', 'b', 'd']),
  });
});

describe('every alert', () => {
  for (const alert of alerts) {
    test(`${alert.alert} is complete, and stands in a file of its name`, () => {
      const files = readdirSync(join(CHART, 'files', 'alerts'));

      assert.ok(files.includes(`${alert.alert}.yaml`));
      assert.match(alert.alert, /^IngressHA[A-Z][A-Za-z]+$/);
      assert.deepEqual(Object.keys(alert).toSorted(), [
        ...['alert', 'annotations', 'expr', 'for', 'labels'],
      ]);
      assert.match(alert.for, /^[0-9]+m$/);
      assert.deepEqual(Object.keys(alert.annotations).toSorted(), ['description', 'summary']);
      for (const text of Object.values(alert.annotations)) assert.match(text, /\.$/);
    });

    test(`${alert.alert} asks for metrics and labels that there are`, () =>
      assertKnown(alert.expr));

    test(`${alert.alert} tells of labels that its result has`, () => {
      const text = Object.values(alert.annotations).join(' ');
      const told = [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
      const has = resultLabels(alert);

      assert.deepEqual(
        told.filter((label) => !has.has(label)),
        [],
      );
    });
  }

  test('is a warning or less, but for the one that nobody leads', () => {
    const severities = new Set(alerts.map(({ labels }) => labels.severity));
    const critical = alerts.filter(({ labels }) => labels.severity === 'critical');

    assert.deepEqual(severities, new Set(['critical', 'warning', 'info']));
    assert.deepEqual(
      critical.map(({ alert }) => alert),
      ['IngressHANoLeader'],
    );
  });

  test('has a runbook, and every runbook an alert', () => {
    const pages = readdirSync(RUNBOOKS).filter((file) => file !== 'README.md');

    assert.deepEqual(pages.toSorted(), alerts.map(({ alert }) => `${alert}.md`).toSorted());
    for (const { alert } of alerts) {
      const page = readFileSync(join(RUNBOOKS, `${alert}.md`), 'utf8');
      assert.ok(page.startsWith(`# ${alert}\n`));
      for (const part of ['**Meaning.**', '**Impact.**', '## Look', '## Do']) {
        assert.ok(page.includes(part), `${alert}.md has no ${part}`);
      }
      assert.match(page, /```sh\nkubectl/);
    }
  });

  test('is in the table of runbooks, with its severity', () => {
    const table = readFileSync(join(RUNBOOKS, 'README.md'), 'utf8');

    for (const { alert, labels } of alerts) {
      assert.ok(table.includes(`| [${alert}](${alert}.md) | ${labels.severity} |`), alert);
    }
  });
});

describe('every panel', () => {
  for (const panel of panels) {
    test(`${panel.title} says what it shows, in which unit`, () => {
      assert.ok((panel.description ?? '').length > 10);
      assert.ok(panel.fieldConfig?.defaults.unit);
      assert.ok((panel.targets?.length ?? 0) > 0);
      assert.ok(panel.targets?.every(({ legendFormat }) => legendFormat !== ''));
    });

    test(`${panel.title} asks for metrics and labels that there are`, () => {
      for (const { expr } of panel.targets ?? []) assertKnown(expr);
    });

    test(`${panel.title} chooses its ranges by what is shown, and its series by the variables`, () => {
      for (const { expr } of panel.targets ?? []) {
        for (const [, range] of expr.matchAll(/\[([^\]]*)\]/g)) {
          assert.match(range ?? '', /^\$__(rate_interval|range)$/);
        }
        assert.match(expr, /=~"\$(namespace|operator)"/);
      }
    });
  }

  test('has an id and a place of its own', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );

    assert.equal(new Set(ids).size, ids.length);
    assert.equal(new Set(cells).size, cells.length);
    assert.ok(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24));
  });

  test('has a title of its own', () => {
    const titles = dashboard.panels.map(({ title }) => title);

    assert.equal(new Set(titles).size, titles.length);
  });
});

test('the dashboard loads in Grafana 10 and asks for data source, namespace and resource', () => {
  assert.equal(dashboard.schemaVersion, 39);
  assert.deepEqual(
    dashboard.templating.list.map(({ name }) => name),
    ['datasource', 'namespace', 'resource', 'operator'],
  );
});

test('the dashboard is the same at each generation', () => {
  assert.equal(dashboardContent(), dashboardContent());
});

function assertKnown(expression: string): void {
  const { metrics, labels } = namesIn(expression);
  const known = new Set([...metrics].flatMap((name) => KNOWN[name] ?? []).concat(TARGET_LABELS));

  assert.ok(metrics.size > 0, expression);
  assert.deepEqual(
    [...metrics].filter((name) => KNOWN[name] === undefined),
    [],
  );
  assert.deepEqual(
    [...labels].filter((label) => !known.has(label)),
    [],
  );
}

/** A grouped result has the labels that it is grouped by, any other those of its target. */
function resultLabels({ expr }: Alert): ReadonlySet<string> {
  const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  return new Set(groups.length > 0 ? groups : TARGET_LABELS);
}
