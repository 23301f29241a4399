/** The index of the decision records (docs/adr/README.md), from the title and the status line of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './markdown.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'adr');
const HEADER = `<!-- Generated from the records beside it by \`npm run generate\`. Do not edit. -->

# Decisions

One page each: context, decision, consequences. A record keeps the words and the figures of its day. What came
later is another record; the status line of either names the other, and so does this table.

`;

export interface DecisionRecord {
  /** Four digits, as in the file's name. */
  readonly number: string;
  readonly file: string;
  readonly title: string;
  readonly state: 'accepted' | 'superseded';
  /** Numbers of the records that this one changes in part, or replaces. */
  readonly amends: readonly string[];
  readonly supersedes: readonly string[];
  /** Numbers of the records that changed it in part, or replaced it. */
  readonly amendedBy: readonly string[];
  readonly supersededBy: readonly string[];
}

const FILE = /^(\d{4})-[a-z0-9-]+\.md$/;
const TITLE = /^# (\d{4}): (.+)$/m;
const STATUS = /^Status: (accepted|superseded)(?:; (.+))?$/m;
const RELATION = /^(amends|supersedes|amended by|superseded by) (.+)$/;
const LINK = /^\[(\d{4})\]\((\d{4}-[a-z0-9-]+\.md)\)$/;

/** All records in the order of their numbers. Throws with file and line form if one has no such status line. */
export function decisionRecords(folder = FOLDER): readonly DecisionRecord[] {
  const files = readdirSync(folder).filter((file) => FILE.test(file));
  return files
    .toSorted()
    .map((file) => parseRecord(file, readFileSync(join(folder, file), 'utf8')));
}

/** One record of `file`, with `text`. Throws if title or status line are not of the form that is told in the message. */
export function parseRecord(file: string, text: string): DecisionRecord {
  const number = file.slice(0, 4);
  const title = TITLE.exec(text);
  if (title?.[1] !== number)
    throw new Error(`docs/adr/${file}: must begin with "# ${number}: TITLE"`);
  const status = STATUS.exec(text);
  if (status === null) {
    throw new Error(
      `docs/adr/${file}: needs a line "Status: accepted" or "Status: superseded", followed by relations such as "; amended by [0034](0034-….md)"`,
    );
  }
  const relations = (status[2] ?? '').split('; ').filter((part) => part !== '');
  const numbersOf = (relation: string) =>
    relations.flatMap((part) => {
      const [, word, links = ''] = RELATION.exec(part) ?? [];
      if (word === undefined) throw new Error(`docs/adr/${file}: no such relation: "${part}"`);
      return word === relation ? links.split(', ').map((link) => linkedNumber(file, link)) : [];
    });
  return {
    number,
    file,
    title: title[2] ?? '',
    state: status[1] as DecisionRecord['state'],
    amends: numbersOf('amends'),
    supersedes: numbersOf('supersedes'),
    amendedBy: numbersOf('amended by'),
    supersededBy: numbersOf('superseded by'),
  };
}

function linkedNumber(file: string, link: string): string {
  const [, number, target] = LINK.exec(link) ?? [];
  if (number === undefined || !target?.startsWith(number)) {
    throw new Error(`docs/adr/${file}: "${link}" must be a link like [0034](0034-….md)`);
  }
  return number;
}

/** The content of docs/adr/README.md. */
export function decisionsContent(): string {
  const records = decisionRecords();
  const linkTo = (number: string) => {
    const target = records.find((record) => record.number === number);
    return target === undefined ? number : `[${number}](${target.file})`;
  };
  const rows = records.map((record) => [
    linkTo(record.number),
    record.title,
    [
      record.state,
      ...told('supersedes', record.supersedes),
      ...told('amends', record.amends),
      ...told('amended by', record.amendedBy),
      ...told('superseded by', record.supersededBy),
    ].join('; '),
  ]);
  return `${HEADER}${table(['', 'decision', 'status'], rows)}`;

  function told(word: string, numbers: readonly string[]): readonly string[] {
    return numbers.length === 0 ? [] : [`${word} ${numbers.map(linkTo).join(', ')}`];
  }
}
