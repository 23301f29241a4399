/** chart/files/dashboard.json: the panels of the table, laid out as Grafana 10 and later read them. */
import { OPERATOR } from './dashboard-operator.ts';
import { type Panel, type Row, WATCHED } from './dashboard-panels.ts';

/** Of Grafana 10; later versions migrate it when they load it. */
const SCHEMA_VERSION = 39;
const COLUMNS = 24;
const PANEL_HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** The content of chart/files/dashboard.json. */
export function dashboardContent(): string {
  const dashboard = {
    uid: 'ingress-controller-ha',
    title: 'Ingress controller HA',
    description: 'Who leads, how failovers went, and how the operator is.',
    tags: ['apisix', 'ingress', 'kubernetes'],
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: 1, // one crosshair for all panels
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [],
    templating: { list: VARIABLES },
    panels: laidOut([...WATCHED, ...OPERATOR]),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

const VARIABLES = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  variable('namespace', 'Namespace', 'label_values(up{ingressha_dev_name!=""}, namespace)'),
  variable(
    'resource',
    'Resource',
    'label_values(up{namespace=~"$namespace", ingressha_dev_name!=""}, ingressha_dev_name)',
  ),
  variable(
    'operator',
    'Namespace of the operator',
    'label_values(ingressha_build_info, namespace)',
  ),
];

function variable(name: string, label: string, query: string) {
  return {
    ...{ name, label, type: 'query', datasource: DATASOURCE },
    definition: query,
    query: { query, refId: name },
    refresh: 2, // when the time range changes, since resources come and go
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.+',
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

/** From left to right, and a new line where the width is used up. */
function laidOut(rows: readonly Row[]): readonly object[] {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const gridPos = { x: 0, y, w: COLUMNS, h: 1 };
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      gridPos,
      collapsed: false,
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      if (x + panel.width > COLUMNS) {
        x = 0;
        y += PANEL_HEIGHT;
      }
      placed.push({
        id: placed.length + 1,
        gridPos: { x, y, w: panel.width, h: PANEL_HEIGHT },
        ...grafanaPanel(panel),
      });
      x += panel.width;
    }
    y += PANEL_HEIGHT;
  }
  return placed;
}

function grafanaPanel(panel: Panel): object {
  const { title, description, unit, kind, queries, colours } = panel;
  const { type, options, custom } = LOOKS[kind];
  const steps = (colours ?? [['green']]).map(([color, from]) => ({ color, value: from ?? null }));
  return {
    ...{ type, title, description, datasource: DATASOURCE, options },
    fieldConfig: {
      defaults: {
        ...{ unit, min: 0, noValue: 'none', custom },
        color: { mode: colours === undefined ? 'palette-classic' : 'thresholds' },
        thresholds: { mode: 'absolute', steps },
      },
      overrides: [],
    },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      ...{ expr, legendFormat: legend, range: true },
      format: kind === 'heatmap' ? 'heatmap' : 'time_series',
    })),
  };
}

const LEGEND = { displayMode: 'list', placement: 'bottom', showLegend: true };
const TOOLTIP = { mode: 'multi', sort: 'desc' };

/** What makes each kind: Grafana's type, its options, and those of its fields. */
const LOOKS: Readonly<Record<Panel['kind'], { type: string; options: object; custom: object }>> = {
  stat: {
    type: 'stat',
    options: {
      colorMode: 'background',
      graphMode: 'none',
      textMode: 'value_and_name',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
    custom: {},
  },
  lines: {
    type: 'timeseries',
    options: { legend: LEGEND, tooltip: TOOLTIP },
    custom: { drawStyle: 'line', fillOpacity: 10, showPoints: 'never' },
  },
  bars: {
    type: 'timeseries',
    options: { legend: LEGEND, tooltip: TOOLTIP },
    custom: { drawStyle: 'bars', fillOpacity: 80, stacking: { mode: 'normal', group: 'A' } },
  },
  states: {
    type: 'state-timeline',
    options: { legend: LEGEND, tooltip: { mode: 'single' }, mergeValues: true, showValue: 'never' },
    custom: { fillOpacity: 80, lineWidth: 0 },
  },
  heatmap: {
    type: 'heatmap',
    options: {
      calculate: false,
      cellGap: 1,
      color: { mode: 'scheme', scheme: 'Oranges', steps: 64 },
      filterValues: { le: 1e-9 },
      legend: { show: true },
      tooltip: { mode: 'single' },
      yAxis: { axisPlacement: 'left', unit: 's' },
    },
    custom: {},
  },
};
