// Definitions of other projects whose resources our chart renders, from their Go modules: the real
// ones, so that a dry run on the API server checks what a user's cluster would.
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cached, hashOf } from './cache.ts';
import { requireGo } from './machine.ts';
import { type Log, run } from './run.ts';

const MODULES = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
    files: ['podmonitors', 'prometheusrules'].map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
  {
    // The release that the controller is built with.
    module: 'sigs.k8s.io/gateway-api@v1.6.3',
    sum: 'h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=',
    files: ['config/crd/standard/gateway.networking.k8s.io_gatewayclasses.yaml'],
  },
] as const;

/** The folder with PodMonitor, PrometheusRule and GatewayClass, fetched once. */
export async function foreignDefinitions(log: Log): Promise<string> {
  return cached(`crds-${hashOf([JSON.stringify(MODULES)], [])}`, log, async (folder) => {
    await requireGo();
    for (const { module, sum, files } of MODULES) {
      const source = await download(module, sum);
      for (const file of files) await copyFile(join(source, file), join(folder, basename(file)));
    }
  });
}

async function download(module: string, sum: string): Promise<string> {
  const env = { ...process.env, GOTOOLCHAIN: 'local' };
  const told = JSON.parse(await run('go', ['mod', 'download', '-json', module], { env, cwd: '/' }));
  if (told.Sum !== sum) throw new Error(`${module} has the sum ${told.Sum} instead of ${sum}.`);
  return told.Dir;
}
