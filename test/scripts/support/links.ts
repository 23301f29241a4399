/** Links of a document to other documents of the repository, and whether they lead anywhere. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Targets of `path` that do not exist, with the heading where that is what is missing. */
export function brokenLinks(path: string): readonly string[] {
  return linksIn(readFileSync(path, 'utf8')).filter((link) => {
    const [file = '', heading] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(target)) return true;
    return heading !== undefined && target.endsWith('.md') && !headingsOf(target).has(heading);
  });
}

/** Those to the web are not ours to check; what stands in a block of code is no link. */
function linksIn(text: string): readonly string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function headingsOf(path: string): ReadonlySet<string> {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, heading = '']) => anchorOf(heading)));
}

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  return plain.trim().replace(/\s/g, '-');
}
