/**
 * `npm run ok`: everything that CI runs after set-up, the quick checks first. Ends at the first
 * step that fails, and with the test runner's own summary when all is well.
 */
import { spawnSync } from 'node:child_process';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const STEPS: readonly Step[] = [
  { name: 'generated files are fresh', command: ['node', 'scripts/generate.ts', '--check'] },
  { name: 'types', command: ['npm', 'run', '--silent', 'types'] },
  { name: 'format and lint', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'layers', command: ['npm', 'run', '--silent', 'layers'] },
  { name: 'lockfile', command: ['node', 'scripts/check-lockfile.ts'] },
  { name: 'tests', command: ['npm', 'test', '--silent'] },
];

for (const { name, command } of STEPS) {
  const [program, ...args] = command;
  process.stdout.write(`\n▶ ${name}\n`);
  const startedAtMs = performance.now();
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    const why = error === undefined ? `it ended with code ${status}` : error.message;
    process.stderr.write(`✗ ${name}: ${why} (${command.join(' ')})\n`);
    process.exit(1);
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  if (name !== 'tests') process.stdout.write(`✓ ${name} (${seconds} s)\n`);
}
