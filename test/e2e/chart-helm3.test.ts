/** The chart installed, changed, rolled back and removed by Helm 3, on a cluster of its own. */
import { lifecycle } from './chart/lifecycle.ts';

await lifecycle('Helm 3');
