/**
 * `ingress-ha render`: every object that the operator would apply, and every right it needs, as YAML
 * and without a cluster. Data goes to stdout, words to stderr; nothing here ends the process.
 */
import type { Command } from 'commander';
import type { CommandIo } from '../io.ts';
import { addPolicyFlags, type PolicyFlags, policyFrom } from '../policy-flags.ts';
import { addEnding } from '../usage.ts';
import { registerRenderOperator } from './operator-command.ts';
import { renderText, toYaml } from './render.ts';

/** What rendering may do to the world. */
type RenderIo = Pick<CommandIo, 'stdout' | 'stderr' | 'readText' | 'finish'>;

/** Adds `render` and `render operator`. */
export function registerRender(program: Command, io: RenderIo): void {
  const render = program
    .command('render')
    .description(
      'Print every object that the operator would apply for a resource. Owner references and the hash are missing where the resource has no uid yet.',
    )
    .option('-f, --filename <file>', 'file with the resource, or - for standard input')
    .option('-n, --namespace <name>', 'namespace of a resource that names none', 'default')
    .action(async (options: RenderOptions) => io.finish(await renderFile(options, io)));
  addPolicyFlags(render, 'renders');
  addEnding(render, {
    exitCodes: '0 printed, 1 refused, 2 wrong usage, or nothing could be read',
  });

  registerRenderOperator(render, io);
}

interface RenderOptions extends PolicyFlags {
  readonly filename?: string;
  readonly namespace: string;
}

async function renderFile(options: RenderOptions, io: RenderIo): Promise<0 | 1 | 2> {
  const { filename, namespace } = options;
  if (filename === undefined) {
    io.stderr.write('Name the file to render: -f FILE, or -f - for standard input.\n');
    return 2;
  }
  let text: string;
  try {
    text = await io.readText(filename);
  } catch (error) {
    io.stderr.write(
      `Cannot read ${filename}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 2;
  }
  const { objects, problems, notes } = renderText(text, policyFrom(options), { namespace });
  for (const line of [...notes, ...problems]) io.stderr.write(`${line}\n`);
  if (problems.length > 0) return 1;
  io.stdout.write(toYaml(objects));
  return 0;
}
