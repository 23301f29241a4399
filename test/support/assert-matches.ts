/** Terminal errors and advice, compared as the lines that a user reads. */
import assert from 'node:assert/strict';

/** Exactly these, in this order, each matching its pattern as `Reason: message` and ending as a sentence. */
export function assertMatches(
  found: readonly { readonly reason: string; readonly message: string }[],
  expected: readonly RegExp[],
): void {
  const lines = found.map(({ reason, message }) => `${reason}: ${message}`);
  assert.equal(lines.length, expected.length, lines.join('\n'));
  for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? '', pattern);
  for (const line of lines) assert.match(line, /\.$/);
}
