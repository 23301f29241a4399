// Builds Kubernetes, etcd, both Helms and kstatus from their Go modules, once: minutes when cold, nothing when warm.
import { existsSync } from 'node:fs';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, hashOf } from './cache.ts';
import { requireGo } from './machine.ts';
import { type Log, run } from './run.ts';

const moduleFolder = join(import.meta.dirname, 'tools');

/** Program -> the Go package that it is built from. */
const goPackages: Readonly<Record<string, string>> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  helm: 'helm.sh/helm/v4/cmd/helm',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
  kstatus: './kstatus',
};

/** A module of its own, since Helm 3 and Helm 4 want different versions of the same libraries. */
const helm3 = { name: 'helm3', folder: join(moduleFolder, 'helm3') };

/** What envtest's asset folder holds, and so what KUBEBUILDER_ASSETS replaces. */
const envtestPrograms = ['kube-apiserver', 'etcd', 'kubectl'];

/** Without these every program calls itself v0.0.0, and charts that ask for a version refuse it. */
const linkerFlags = [
  '-s -w',
  '-X k8s.io/component-base/version.gitVersion=v1.37.2',
  '-X k8s.io/component-base/version.gitMajor=1',
  '-X k8s.io/component-base/version.gitMinor=37',
  '-X helm.sh/helm/v4/internal/version.version=v4.3.1',
].join(' ');

/** Helm 3 takes the Kubernetes that `helm template` stands for from here. */
const helm3LinkerFlags = [
  '-s -w -X helm.sh/helm/v3/internal/version.version=v3.22.0',
  ...['pkg/chartutil', 'pkg/lint/rules'].flatMap((place) => [
    `-X helm.sh/helm/v3/${place}.k8sVersionMajor=1`,
    `-X helm.sh/helm/v3/${place}.k8sVersionMinor=37`,
  ]),
].join(' ');

/** The folder with all programs, built if need be. KUBEBUILDER_ASSETS, when set, gives the three of envtest. */
export async function buildTools(log: Log): Promise<string> {
  const assets = process.env.KUBEBUILDER_ASSETS ?? '';
  const sources = ['go.mod', 'go.sum', 'kstatus', 'helm3'].map((name) => join(moduleFolder, name));
  const words = [linkerFlags, helm3LinkerFlags, assets, process.arch];
  const hash = hashOf([...words, ...Object.values(goPackages)], sources);
  return cached(`tools-${hash}`, log, async (folder) => {
    await requireGo();
    const given = assets ? envtestPrograms : [];
    for (const name of given) {
      const program = join(assets, name);
      if (!existsSync(program)) {
        throw new Error(
          `Cannot use KUBEBUILDER_ASSETS: there is no ${program}; unset it to build from source.`,
        );
      }
      await symlink(program, join(folder, name));
    }
    await install(
      Object.entries(goPackages)
        .filter(([name]) => !given.includes(name))
        .map(([, path]) => path),
      folder,
      log,
    );
    if (!given.includes('etcd')) await rename(join(folder, 'server'), join(folder, 'etcd'));
    log('building Helm 3');
    await run(
      'go',
      [
        'build',
        '-trimpath',
        `-ldflags=${helm3LinkerFlags}`,
        '-o',
        join(folder, helm3.name),
        'helm.sh/helm/v3/cmd/helm',
      ],
      {
        cwd: helm3.folder,
        env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
      },
    );
  });
}

async function install(paths: readonly string[], folder: string, log: Log): Promise<void> {
  await mkdir(folder, { recursive: true });
  const startedAtMs = performance.now();
  let compiled = 0;
  let newest = 'reading, compiling and linking';
  const tell = () => {
    const seconds = Math.round((performance.now() - startedAtMs) / 1000);
    log(
      `building Kubernetes, etcd and helm from source: ${seconds} s, ${compiled} packages compiled, now ${newest}`,
    );
  };
  log('building Kubernetes, etcd and helm from source; the first time this takes 7 to 10 minutes');
  const progress = setInterval(tell, 15_000);
  try {
    await run('go', ['install', '-v', '-trimpath', `-ldflags=${linkerFlags}`, ...paths], {
      cwd: moduleFolder,
      env: { ...process.env, CGO_ENABLED: '0', GOBIN: folder, GOTOOLCHAIN: 'local' },
      onErrorLine: (line) => {
        compiled += line.startsWith('go: downloading') ? 0 : 1;
        newest = line;
      },
    });
  } finally {
    clearInterval(progress);
  }
  tell();
}
