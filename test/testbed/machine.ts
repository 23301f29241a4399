// What the machine must have before anything is built, and the Debian packages that are added when missing.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Log, run, withLock } from './run.ts';

/** Debian package -> a file that tells it is there. busybox must be the static one: it goes into an image. */
const packages: Readonly<Record<string, readonly string[]>> = {
  containerd: ['containerd', 'ctr'],
  runc: ['runc'],
  'containernetworking-plugins': ['/usr/lib/cni/bridge'],
  'busybox-static': ['busybox'],
  iproute2: ['ip'],
  'util-linux': ['unshare', 'nsenter', 'flock'],
  openssl: ['openssl'],
  'ca-certificates': ['/etc/ssl/certs/ca-certificates.crt'],
  chromium: ['chromium'],
  // What the screenshots in docs/images are set in.
  'fonts-inter': ['/usr/share/fonts/opentype/inter/Inter-Regular.otf'],
  spin: ['spin'],
  gcc: ['gcc'],
  'libc6-dev': ['/usr/include/stdio.h'],
};

/** The oldest Go that the testbed's modules allow, as [major, minor]. */
const oldestGo = [1, 26] as const;

/** The full path of a program on the PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Throws one sentence when this machine cannot carry a testbed. */
export async function requireMachine(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new Error(`Cannot start a testbed on ${process.platform}: it needs Linux namespaces.`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error('Cannot start a testbed without root: it makes namespaces; run it with sudo.');
  }
}

/** Throws one sentence when there is no Go that can build the tools. */
export async function requireGo(): Promise<void> {
  const wanted = oldestGo.join('.');
  if (!findProgram('go')) {
    throw new Error(
      `Cannot build Kubernetes: go is not on the PATH; install Go ${wanted} or newer.`,
    );
  }
  const version = (await run('go', ['env', 'GOVERSION'])).trim();
  const [major = 0, minor = 0] = version.replace(/^go/, '').split('.').map(Number.parseFloat);
  if (major < oldestGo[0] || (major === oldestGo[0] && minor < oldestGo[1])) {
    throw new Error(`Cannot build Kubernetes with ${version}: install Go ${wanted} or newer.`);
  }
}

/** Installs the Debian packages that are missing, and only those. */
export async function installPackages(log: Log): Promise<void> {
  if (missingPackages().length === 0) return;
  await withLock('/tmp/ingress-ha-testbed-apt.lock', log, async () => {
    const missing = missingPackages();
    if (missing.length === 0) return;
    if (!findProgram('apt-get')) {
      throw new Error(
        `Cannot install ${missing.join(', ')}: this is not Debian; install them by hand.`,
      );
    }
    log(`installing ${missing.join(', ')} with apt-get`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
    const still = missingPackages();
    if (still.length > 0) throw new Error(`apt-get did not bring ${still.join(', ')}.`);
  });
}

function missingPackages(): readonly string[] {
  return Object.entries(packages)
    .filter(([, files]) =>
      files.some((file) => !(file.startsWith('/') ? existsSync(file) : findProgram(file))),
    )
    .map(([name]) => name);
}
