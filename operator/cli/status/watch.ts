/**
 * `ingress-ha status --watch`: looks once a second and shows what changed. On a terminal the whole
 * picture is drawn anew; elsewhere a line is printed for each resource that changed. Ages are no change.
 */
import { failureOf } from '../../base/failure.ts';
import { NO_TERMINAL } from '../io.ts';
import { ownCode } from '../terminal-text.ts';
import { oneLine } from '../view/lines.ts';
import { couldNotTell, type ExitCode, type StatusRequest } from './request.ts';
import { type Seen, statusText, type Wanted } from './text.ts';

export interface WatchRequest extends StatusRequest {
  readonly name: string | undefined;
  readonly look: () => Promise<readonly Seen[]>;
  /** A failure of `look` in a sentence. */
  readonly describe: (error: unknown) => Promise<string>;
}

const PAUSE_MS = 1_000;
/** Home, and everything below erased: what scrolled away stays readable. */
const CLEAR = ownCode('[H') + ownCode('[2J');

/** Until it is interrupted, which is its good end, or until the one resource is gone. */
export async function watchStatus(
  first: readonly Seen[],
  request: WatchRequest,
): Promise<ExitCode> {
  const { io, surroundings, name, look, describe } = request;
  const show = painter(request);
  let trouble = '';
  show(first);
  for (;;) {
    await surroundings.clock.sleep(PAUSE_MS, io.interrupted);
    if (io.interrupted.aborted) return 0;
    try {
      const seen = await look();
      trouble = '';
      show(seen);
    } catch (error) {
      if (io.interrupted.aborted) return 0;
      const sentence = await describe(error);
      if (name !== undefined && failureOf(error).kind === 'not-found') {
        return couldNotTell(io, sentence);
      }
      // Said once, however long it lasts.
      if (sentence !== trouble) io.stderr.write(`${sentence}\n`);
      trouble = sentence;
    }
  }
}

/** Shows a look if it differs from the one before. */
function painter(wanted: Wanted): (seen: readonly Seen[]) => void {
  const { io, flags } = wanted;
  const { interactive } = io.terminal ?? NO_TERMINAL;
  const forPeople = flags.output === undefined || flags.output.kind === 'wide';
  let before: ReadonlyMap<string, string> | undefined;

  return (all) => {
    const now = new Map(all.map((one) => [keyOf(one), fingerprint(one)]));
    const changed = all.filter((one) => before?.get(keyOf(one)) !== now.get(keyOf(one)));
    const gone = [...(before?.keys() ?? [])].filter((key) => !now.has(key));
    const isFirst = before === undefined;
    before = now;
    if (!isFirst && changed.length + gone.length === 0) return;
    if (!forPeople) io.stdout.write(statusText(all, wanted));
    else if (interactive) io.stdout.write(CLEAR + statusText(all, wanted));
    else {
      for (const one of changed) io.stdout.write(`${lineOf(one)}\n`);
      for (const key of gone) io.stdout.write(`${key}: It is gone\n`);
    }
  };
}

function keyOf({ view }: Seen): string {
  return `${view.namespace}/${view.name}`;
}

/** `prod/apisix: Ready=True …; apisix-icha-x leads; 2/2 ready` */
function lineOf({ headline, view }: Seen): string {
  const { leader, replicas } = view;
  const who = leader === undefined ? 'nobody leads' : `${leader.podName ?? leader.identity} leads`;
  return oneLine(`${headline}; ${who}; ${replicas.ready}/${replicas.wanted} ready`);
}

/** Everything but what merely gets older. */
function fingerprint({ view, gaps }: Seen): string {
  const expired = (view.lease?.expiresInMs ?? 0) < 0;
  const aging = new Set(['ageMs', 'sinceMs', 'expiresInMs']);
  return JSON.stringify([view, gaps, expired], (key, value: unknown) =>
    aging.has(key) ? undefined : value,
  );
}
