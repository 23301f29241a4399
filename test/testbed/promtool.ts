// promtool, which checks and tests the rules of Prometheus: one program out of Debian's package, unpacked into the cache.
// The package is not installed, since it would start a Prometheus, and so root is not needed.
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, hashOf } from './cache.ts';
import { findProgram } from './machine.ts';
import { type Log, run } from './run.ts';

const debianPackage = 'prometheus';
const program = './usr/bin/promtool';

/** The path of promtool: of the one on the PATH if there is one, else of the cached one. */
export async function fetchPromtool(log: Log): Promise<string> {
  const installed = findProgram('promtool');
  if (installed) return installed;
  const name = `promtool-${hashOf([debianPackage, program, process.arch], [])}`;
  const folder = await cached(name, log, async (unfinished) => {
    const scratch = join(unfinished, 'scratch');
    await mkdir(scratch);
    try {
      await download(scratch, log);
      await unpack(scratch, unfinished);
    } catch (cause) {
      throw new Error(
        `Cannot get promtool out of Debian's package ${debianPackage}; put promtool 2.42 or newer on the PATH`,
        { cause },
      );
    }
    await rm(scratch, { recursive: true });
  });
  return join(folder, 'promtool');
}

/** With the machine's lists of packages, or if they are not there or old with lists of our own. */
async function download(scratch: string, log: Log): Promise<void> {
  log(`downloading ${debianPackage} for promtool`);
  const get = ['download', '-qq', debianPackage];
  try {
    await run('apt-get', get, { cwd: scratch });
  } catch {
    for (const part of ['lists/partial', 'archives/partial']) {
      await mkdir(join(scratch, part), { recursive: true });
    }
    const own = [
      ...['-o', `Dir::State::Lists=${join(scratch, 'lists')}`],
      ...['-o', `Dir::Cache=${scratch}`],
    ];
    await run('apt-get', [...own, 'update', '-qq'], { cwd: scratch });
    await run('apt-get', [...own, ...get], { cwd: scratch });
  }
}

async function unpack(scratch: string, folder: string): Promise<void> {
  const archive = (await readdir(scratch)).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get downloaded nothing.');
  const pipe = 'dpkg-deb --fsys-tarfile "$1" | tar --extract "$2"';
  await run('sh', ['-c', pipe, 'sh', archive, program], { cwd: scratch });
  await rename(join(scratch, program), join(folder, 'promtool'));
}
