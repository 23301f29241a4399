/** The Service that scrapers find the metrics of all replicas by: standbys serve them too. */
import type { Ha } from '../api/ha.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { ServiceKind } from '../base/resource-kinds.ts';
import { child } from './child.ts';
import { METRICS_PORT } from './config.ts';
import { selectorLabels } from './naming.ts';
import { METRICS_PORT_NAME } from './pod/containers.ts';

/** Port `metrics`, or `https-metrics` when the controller serves them with TLS. */
export function metricsService(ha: Ha): KubeObject {
  const { secureMetrics } = ha.controller.config;
  return child(ha, ServiceKind, {
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(ha),
      ports: [
        {
          name: secureMetrics ? 'https-metrics' : 'metrics',
          appProtocol: secureMetrics ? 'https' : 'http',
          port: METRICS_PORT,
          protocol: 'TCP',
          targetPort: METRICS_PORT_NAME,
        },
      ],
    },
  });
}
