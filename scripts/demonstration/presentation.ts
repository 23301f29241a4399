/** How the demo speaks: titles, the commands it runs with their output, and remarks. */
import { styleText } from 'node:util';

export interface Presentation {
  /** A new part of the story. */
  title(text: string): void;
  /** A command as a user would type it. */
  command(text: string): void;
  /** What a command printed. */
  output(text: string): void;
  /** What to notice. */
  note(text: string): void;
  /** Long work that goes on. */
  progress(text: string): void;
}

export function presentation(stream: NodeJS.WriteStream): Presentation {
  const startedAtMs = performance.now();
  const styled = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { stream });
  const line = (text: string) => stream.write(`${text}\n`);
  return {
    title: (text) =>
      line(`\n${styled(['bold', 'cyan'], `── ${text}`)}  ${styled('dim', elapsed())}`),
    command: (text) => line(styled('bold', `$ ${text}`)),
    output: (text) => line(text.trimEnd().replace(/^/gm, '  ')),
    note: (text) => line(styled('green', `→ ${text}`)),
    progress: (text) => line(styled('dim', `  ${text.trim()}`)),
  };

  function elapsed(): string {
    return `${((performance.now() - startedAtMs) / 1000).toFixed(0)} s`;
  }
}
