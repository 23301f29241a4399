/**
 * A report as one text file, not an archive: whoever sends it shall read it first, which an editor
 * can do with a text and hardly anybody does with an archive; trackers show it, and it can be searched.
 * Same input, same bytes: the order is fixed, and no time but that in the head is of the report itself.
 */

import { isObject } from '../../base/read.ts';
import { yamlText } from '../view/data-text.ts';
import { HIDDEN } from './allow-list.ts';
import { shownOf } from './allowed-fields.ts';
import { LOG_LINES } from './collect-operator.ts';
import type { Collected, Part } from './collection.ts';
import { struckOut } from './struck-out.ts';

/** What the head of a report says about it. */
interface ReportHead {
  /** Of this program. */
  readonly version: string;
  /** Of the runtime. */
  readonly node: string;
  /** RFC 3339, by the clock of this machine. */
  readonly time: string;
  /** `prod/apisix`, `prod`, or `all namespaces`. */
  readonly scope: string;
  readonly operatorNamespace: string;
}

/** The whole report. Its first section explains it and lists the gaps; each further one is an object or a text. */
export function reportText({ parts, gaps }: Collected, head: ReportHead): string {
  const secrets = new Set<string>();
  const shown = parts.map((part) => ({ part, shown: shownPart(part, secrets) }));
  const sections = shown.map(({ part, shown: content }) => ({
    title: titleOf(part),
    body: bodyOf(content, secrets),
  }));
  const struckGaps = gaps.map((gap) => struckOut(gap, secrets));
  const contents = sections.map(({ title }) => title);
  return [
    section('README', readme(head, { contents, gaps: struckGaps })),
    ...sections.map(({ title, body }) => section(title, body)),
  ].join('\n');
}

type Shown =
  | { readonly kind: 'object'; readonly object: Readonly<Record<string, unknown>> }
  | { readonly kind: 'text'; readonly text: string };

function shownPart(part: Part, secrets: Set<string>): Shown {
  if (part.kind === 'text') return part;
  const object = shownOf(part.object, (text) => {
    secrets.add(text);
    // As it stands in a line of JSON.
    secrets.add(JSON.stringify(text).slice(1, -1));
  });
  return { kind: 'object', object };
}

function bodyOf(shown: Shown, secrets: ReadonlySet<string>): string {
  if (shown.kind === 'text') return struckOut(shown.text, secrets);
  return yamlText(messagesStruckOut(shown.object, secrets));
}

/** Messages may quote a value; names and all else stay whole. */
function messagesStruckOut(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => messagesStruckOut(item, secrets));
  if (!isObject(value)) return value;
  const struck = Object.entries(value).map(([key, item]) => [
    key,
    typeof item === 'string' && (key === 'message' || key === 'assistReason')
      ? struckOut(item, secrets)
      : messagesStruckOut(item, secrets),
  ]);
  return Object.fromEntries(struck);
}

function titleOf(part: Part): string {
  if (part.kind === 'text') return part.path;
  const { kind, metadata } = part.object;
  const path = [kind.toLowerCase(), metadata.namespace, metadata.name];
  return path.filter((name) => name !== undefined).join('/');
}

/** YAML tools read the comment away, people search for the equals signs. */
function section(title: string, body: string): string {
  return `# ===== ${title} =====\n${body.endsWith('\n') ? body : `${body}\n`}`;
}

function readme(
  { version, node, time, scope, operatorNamespace }: ReportHead,
  { contents, gaps }: { readonly contents: readonly string[]; readonly gaps: readonly string[] },
): string {
  return `Report of ingress-ha ${version} (Node ${node})
Made at ${time}, by the clock of the machine that it was made on
About ${scope}, and the operator in namespace ${operatorNamespace}

LOOK THROUGH IT BEFORE YOU SEND IT.

How it was made
- Secrets were not read: no request went to them.
- Of each object only fields that are known to be harmless are here. Values of
  environment variables, commands, arguments, annotations that are not ours,
  configOverrides, podTemplatePatch, and everything in a ConfigMap but known
  settings of the controller read ${HIDDEN}, or are left out.
- What was hidden is struck out of logs, metrics and messages too, if it has 8
  characters or more.
- Names (of namespaces, nodes, images, Secrets that are referred to), addresses
  of pods, and labels are here as they are.
- Of each log of the operator there are the last ${LOG_LINES} lines.

Left out on purpose
- Secrets: nobody needs them to find an error.
- Logs of the controllers: they may quote routes, consumers and credentials.
- Routes and other configuration of the gateway.
- Templates of ReplicaSets: that of the Deployment is here.

Gaps: what could not be read
${gaps.length === 0 ? '- none' : gaps.map((gap) => `- ${gap}`).join('\n')}

Contents
${contents.map((title) => `- ${title}`).join('\n')}
`;
}
