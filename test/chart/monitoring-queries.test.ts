/** The queries of the dashboard in Prometheus' own hands: as rules, since promtool reads those. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { dashboardContent } from '../../scripts/generate/chart/dashboard.ts';
import { type Dashboard, panelsOf } from './support/monitoring.ts';
import { promtool } from './support/promtool.ts';

test('Prometheus reads every query of the dashboard', async (t) => {
  const dashboard: Dashboard = JSON.parse(dashboardContent());
  const queries = panelsOf(dashboard).flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr),
  );
  const rules = queries.map((expr, index) => ({
    record: `query:${index}`,
    // Grafana puts a duration or a pattern there.
    expr: expr.replaceAll(/\$__(rate_interval|range)/g, '5m').replaceAll(/\$\w+/g, '.+'),
  }));
  const folder = await mkdtemp(join(tmpdir(), 'ingress-ha-queries-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'queries.yaml');
  await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules }] }));

  const { content, text } = await promtool(['check', 'rules', file]);

  assert.ok(content, text);
  assert.match(text, new RegExp(`SUCCESS: ${queries.length} rules found`));
});
