/** The values files in test/chart/combinations: together they use every value of the chart. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', 'combinations');

/** What a combination is called -> its file. */
export const COMBINATIONS: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(FOLDER)
    .toSorted()
    .map((file) => [file.replace(/\.yaml$/, '').replaceAll('-', ' '), join(FOLDER, file)]),
);
