/**
 * `ingress-ha status --watch`: reads once a second and shows what changed. On a terminal the whole picture is drawn
 * anew; elsewhere a line is printed for each resource that changed. Ages are no change.
 */
import { failureOf } from '../../base/failure.ts';
import { keyText } from '../../base/kube-object.ts';
import { NO_TERMINAL } from '../io.ts';
import { ownCode } from '../terminal-text.ts';
import type { InstanceView } from '../view/decide/instance-view.ts';
import { headlineOf } from '../view/decide/standing.ts';
import { oneLine } from '../view/lines.ts';
import { couldNotTell, type ExitCode, type StatusRequest } from './request.ts';
import { type OutputRequest, statusText } from './text.ts';

/** What `status --watch` was asked, and how it reads. */
interface WatchRequest extends StatusRequest {
  /** Absent: all resources of the namespace. */
  readonly name: string | undefined;
  /** Reads everything once more; may throw a KubeError. */
  readonly read: () => Promise<readonly InstanceView[]>;
  /** A failure of `read` in a sentence. */
  readonly describe: (error: unknown) => Promise<string>;
}

const PAUSE_MS = 1_000;
/** Home, and everything below erased: what scrolled away stays readable. */
const CLEAR = ownCode('[H') + ownCode('[2J');

/**
 * Shows `first` and every change after it. Ends with 0 when it is interrupted, and with 2 when the one resource that was
 * asked for is gone. Any other failure is printed once on stderr, and reading goes on.
 */
export async function watchStatus(
  first: readonly InstanceView[],
  request: WatchRequest,
): Promise<ExitCode> {
  const { io, surroundings, name, read, describe } = request;
  const show = painter(request);
  let lastProblem = '';
  show(first);
  for (;;) {
    await surroundings.clock.sleep(PAUSE_MS, io.interrupted);
    if (io.interrupted.aborted) return 0;
    try {
      const views = await read();
      lastProblem = '';
      show(views);
    } catch (error) {
      if (io.interrupted.aborted) return 0;
      const sentence = await describe(error);
      if (name !== undefined && failureOf(error).kind === 'not-found') {
        return couldNotTell(io, sentence);
      }
      if (sentence !== lastProblem) io.stderr.write(`${sentence}\n`);
      lastProblem = sentence;
    }
  }
}

/** Shows resources if they differ from what was shown last. */
function painter(request: OutputRequest): (views: readonly InstanceView[]) => void {
  const { io, flags } = request;
  const { interactive } = io.terminal ?? NO_TERMINAL;
  const forPeople = flags.output === undefined || flags.output.kind === 'wide';
  let before: ReadonlyMap<string, string> | undefined;

  return (views) => {
    const now = new Map(views.map((view) => [keyText(view), fingerprint(view)]));
    const changed = views.filter((view) => before?.get(keyText(view)) !== now.get(keyText(view)));
    const gone = [...(before?.keys() ?? [])].filter((key) => !now.has(key));
    const isFirst = before === undefined;
    before = now;
    if (!isFirst && changed.length + gone.length === 0) return;
    if (!forPeople) io.stdout.write(statusText(views, request));
    else if (interactive) io.stdout.write(CLEAR + statusText(views, request));
    else {
      for (const view of changed) io.stdout.write(`${lineOf(view)}\n`);
      for (const key of gone) io.stdout.write(`${key}: It is gone\n`);
    }
  };
}

/** `prod/apisix: Ready=True …; apisix-icha-x leads; 2/2 ready` */
function lineOf(view: InstanceView): string {
  const { leader, replicas } = view;
  const who = leader === undefined ? 'nobody leads' : `${leader.podName ?? leader.identity} leads`;
  return oneLine(`${headlineOf(view)}; ${who}; ${replicas.ready}/${replicas.wanted} ready`);
}

/** Everything but what merely gets older. */
function fingerprint(view: InstanceView): string {
  const expired = (view.lease?.expiresInMs ?? 0) < 0;
  const aging = new Set(['ageMs', 'sinceMs', 'expiresInMs']);
  return JSON.stringify([view, expired], (key, value: unknown) =>
    aging.has(key) ? undefined : value,
  );
}
