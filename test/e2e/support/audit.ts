/**
 * Who asked the API server for what, read from its own audit log: the only witness of writes that
 * changed nothing, and of reads. Everything is counted from a mark, which is a place in the file, so
 * no clock is compared with another.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

export interface AuditEntry {
  readonly user: string;
  /** get, list, watch, create, update, patch, delete. A server-side apply is a patch. */
  readonly verb: string;
  /** Plural, such as `deployments`. */
  readonly resource: string;
  /** `status`, `scale`, or ''. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The server was only asked what would happen. */
  readonly dryRun: boolean;
  /** HTTP status: 201 for a patch that created something. */
  readonly code: number;
  /** When the request came in, for messages only. */
  readonly at: string;
}

/** A place in the log. */
export type AuditMark = number;

export interface AuditLog {
  /** Everything that is asked from now on comes after it. */
  mark(): AuditMark;
  /** Requests that ended (watches: began) after the mark, in the order in which they did. */
  since(mark: AuditMark, filter?: AuditFilter): readonly AuditEntry[];
}

export interface AuditFilter {
  /** `system:serviceaccount:<namespace>:<name>`: see TestOperator.user. */
  readonly user?: string;
  readonly verb?: string;
  readonly resource?: string;
  readonly subresource?: string;
  /** Exactly this object, or any that `owner`'s children are called. */
  readonly name?: string;
  /** What belongs to the resource of this name: itself, `<owner>-icha…`, and its Lease `<owner>-leader`. */
  readonly owner?: string;
}

export function auditLogIn(file: string): AuditLog {
  return {
    mark: () => statSync(file).size,
    since: (mark, filter = {}) =>
      textFrom(file, mark)
        .split('\n')
        .filter((line) => line !== '')
        .flatMap((line) => entryOf(JSON.parse(line)))
        .filter((entry) => passes(entry, filter)),
  };
}

const WRITING_VERBS: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/** Real writes: reads, rehearsals and events left out. */
export function writes(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  return entries.filter(
    ({ verb, dryRun, resource }) => WRITING_VERBS.has(verb) && !dryRun && resource !== 'events',
  );
}

/** `patch deployments/edge-icha 200`: how assertions and messages name an entry. */
export function describeEntry({ verb, resource, subresource, name, code }: AuditEntry): string {
  const below = subresource === '' ? '' : `/${subresource}`;
  return `${verb} ${resource}/${name}${below} ${code}`;
}

/** The whole lines behind the mark; one that is being written is left for the next time. */
function textFrom(file: string, mark: AuditMark): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, statSync(file).size - mark));
    const length = readSync(descriptor, buffer, 0, buffer.length, mark);
    const text = buffer.toString('utf8', 0, length);
    return text.slice(0, text.lastIndexOf('\n') + 1);
  } finally {
    closeSync(descriptor);
  }
}

/** The fields of audit.k8s.io/v1 that are read here. */
interface RawEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
}

/** A request has one line; a watch also has one when it begins, and that is the one that counts. */
function entryOf(event: RawEvent): readonly AuditEntry[] {
  const counted = event.verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete';
  if (event.stage !== counted) return [];
  const { resource = '', subresource = '', namespace = '', name = '' } = event.objectRef ?? {};
  return [
    {
      user: event.user.username,
      verb: event.verb,
      resource,
      subresource,
      namespace,
      name,
      dryRun: event.requestURI.includes('dryRun=All'),
      code: event.responseStatus?.code ?? 0,
      at: event.requestReceivedTimestamp,
    },
  ];
}

function passes(entry: AuditEntry, { owner, ...exact }: AuditFilter): boolean {
  const same = Object.entries(exact).every(
    ([field, value]) => entry[field as keyof typeof exact] === value,
  );
  return same && (owner === undefined || belongsTo(entry.name, owner));
}

function belongsTo(name: string, owner: string): boolean {
  return name === owner || name === `${owner}-leader` || name.startsWith(`${owner}-icha`);
}
