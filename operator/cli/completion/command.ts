/** `ingress-ha completion`: scripts that let a shell ask this program what could come next. */
import { Argument, type Command } from 'commander';
import type { CommandIo } from '../io.ts';
import { addEnding } from '../usage.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const HOW = `
Load it:
  bash   source <(ingress-ha completion bash)
  zsh    source <(ingress-ha completion zsh)      after compinit
  fish   ingress-ha completion fish | source
For \`kubectl ingress-ha\`, kubectl's own completion asks by the program
kubectl_complete-ingress_ha: it must be on the PATH, beside kubectl-ingress_ha.`;

/** Adds `completion`. */
export function registerCompletion(program: Command, io: CommandIo): void {
  const completion = program
    .command('completion')
    .description(
      'Print a script that completes commands, flags, their values, namespaces and names of resources.',
    )
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .addHelpText('after', HOW);
  addEnding(completion, {
    exitCodes: '0 printed, 2 wrong usage',
    rights:
      'none to print it; completing names lists ingresscontrollerhas.ingressha.dev or namespaces, and stays silent where that fails or takes longer than 2s',
  });
  completion.action(async (shell: Shell) => {
    const { completionScript } = await import('./scripts.ts');
    io.stdout.write(completionScript(shell));
    io.finish(0);
  });
}
