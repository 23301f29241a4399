/** Parts of sentences. */

/** `6.9 s`, `30 s`. */
export function inSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(1))} s`;
}

/** Without what ends a sentence: full stops and blanks. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/[.\s]+$/, '');
}

/** With a small first letter, for the middle of a sentence; a name or a field keeps its capitals. */
export function lowered(sentence: string): string {
  return /^[A-Z][a-z]* /.test(sentence) && !/^(Lease|Pod) "/.test(sentence)
    ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`
    : sentence;
}
