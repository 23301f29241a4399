/** Golden text in test/cli/golden/: `UPDATE_GOLDEN=1` writes it anew; then read the difference. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../../operator/cli/io.ts';

/** The terminals that everything is laid out for. */
export const WIDTHS = [40, 80, 120];

/** A person's terminal, or with `interactive: false` a file that somebody wants that wide. */
export function terminal(columns: number, more: Partial<Terminal> = {}): Terminal {
  return { interactive: true, colour: false, ...more, columns };
}

export function assertGolden(name: string, text: string): void {
  const file = join(import.meta.dirname, 'golden', `${name}.txt`);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}
