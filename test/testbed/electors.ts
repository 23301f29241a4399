// The program that holds client-go's electors for election tests: it runs on the host, in no image.
import { join } from 'node:path';
import { cached, hashOf } from './cache.ts';
import { requireGo } from './machine.ts';
import { type Log, run } from './run.ts';

const moduleFolder = join(import.meta.dirname, '..', 'candidate');

/** The path of the program, built if need be: seconds once the candidate's image is built. */
export async function buildElectors(log: Log): Promise<string> {
  const sources = ['elector', 'go.mod', 'go.sum'].map((name) => join(moduleFolder, name));
  const hash = hashOf([process.arch], [...sources, import.meta.filename]);
  const folder = await cached(`electors-${hash}`, log, async (target) => {
    await requireGo();
    log("building client-go's electors");
    const flags = ['-trimpath', '-ldflags=-s -w', '-o', join(target, 'elector')];
    await run('go', ['build', ...flags, './elector'], {
      cwd: moduleFolder,
      env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
    });
  });
  return join(folder, 'elector');
}
