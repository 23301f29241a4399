// The set-up alone: everything a testbed needs on this machine, none of it running.
import { buildElectors } from './electors.ts';
import { buildImages } from './images.ts';
import { installPackages, requireMachine } from './machine.ts';
import { fetchPromtool } from './promtool.ts';
import type { Log } from './run.ts';
import { buildTools } from './tools.ts';

export interface Preparation {
  /** kube-apiserver, etcd, kubectl, helm, kstatus and the rest. */
  readonly binDir: string;
  /** One archive an image. */
  readonly imagesDir: string;
}

/** Installs and builds what is missing: about ten minutes on a fresh machine, nothing on a warm one. */
export async function prepareTestbed(log: Log): Promise<Preparation> {
  await requireMachine();
  await installPackages(log);
  const binDir = await buildTools(log);
  const imagesDir = await buildImages(log);
  await buildElectors(log);
  await fetchPromtool(log);
  return { binDir, imagesDir };
}
