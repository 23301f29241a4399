// Runs programs and locks files. Every failure becomes one sentence with the program's own last words.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Takes one line for a human who waits. */
export type Log = (line: string) => void;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Called for every line on standard error, which is then still part of the failure's message. */
  readonly onErrorLine?: (line: string) => void;
}

/** Runs a program to its end and gives its standard output; a failure throws with the last 15 lines of its errors. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env });
  const output: Buffer[] = [];
  const errors: string[] = [];
  let partialLine = '';
  child.stdout.on('data', (data: Buffer) => output.push(data));
  child.stderr.on('data', (data: Buffer) => {
    const lines = (partialLine + data.toString()).split('\n');
    partialLine = lines.pop() ?? '';
    for (const line of lines) options.onErrorLine?.(line);
    errors.push(...lines);
    errors.splice(0, errors.length - 15);
  });
  child.stdin.on('error', () => {}); // a program may end without reading
  child.stdin.end(options.input ?? '');
  const ending = await new Promise<string | number>((resolve, reject) => {
    child.on('error', (cause) => reject(new Error(`Cannot run ${program}`, { cause })));
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'an unknown signal'));
  });
  if (ending === 0) return Buffer.concat(output).toString();
  const words = [...errors, partialLine].join('\n').trim();
  throw new Error(`${[program, ...args].join(' ').slice(0, 300)} ended with ${ending}:\n${words}`);
}

/**
 * Does the work while holding an exclusive lock on the file, among all processes of the machine.
 * The kernel frees the lock when the holder dies, however it dies.
 */
export async function withLock<T>(file: string, log: Log, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', ['--exclusive', file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = setInterval(() => log(`waiting for another process to free ${file}`), 15_000);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', (cause) => reject(new Error('Cannot run flock', { cause })));
      holder.once('exit', (code) =>
        reject(new Error(`Cannot lock ${file}: flock ended with ${code}`)),
      );
    });
    clearInterval(waiting);
    return await work();
  } finally {
    clearInterval(waiting);
    holder.stdin.end();
  }
}

/** Asks again every 50 ms until the answer is not undefined; gives up with a message that says what it waited for. */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const endAtMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endAtMs) {
      throw new Error(`Gave up after ${timeoutMs / 1000} s waiting for ${what}`);
    }
    await sleep(50);
  }
}
