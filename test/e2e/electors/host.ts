/**
 * A process that runs several of our electors as a test tells it to: see protocol.ts. It ends with
 * its standard input.
 *
 * One loop writes for all of them, and never stops: whether an elector leads is asked before each
 * write and nowhere else, as a reconcile would that is deaf to its signal.
 */
import { createInterface } from 'node:readline';
import { KubeError, unreachable } from '../../../operator/base/failure.ts';
import type { KubeObject } from '../../../operator/base/kube-object.ts';
import { systemClock } from '../../../operator/base/time.ts';
import { Elector } from '../../../operator/control/election/elect.ts';
import type { LeaseClient } from '../../../operator/control/election/own-lease.ts';
import { observedLease } from '../../../operator/decide/observed/lease-record.ts';
import { createCredentials } from '../../../operator/kube/credentials/credentials.ts';
import { createHttpClient } from '../../../operator/kube/http/http-client.ts';
import { createLog } from '../../../operator/telemetry/log.ts';
import { type Command, type HostLine, monotonicNs, type Unheard } from './protocol.ts';

const WRITE_EVERY_MS = 50;
const lost = new KubeError({ kind: 'unreachable', message: 'As the test wanted, no answer came' });

const [kubeconfig = ''] = process.argv.slice(2);
const client = createHttpClient({
  credentials: createCredentials({ kind: 'kubeconfig', files: [kubeconfig] }, systemClock),
  clock: systemClock,
  version: 'electors',
});
const log = createLog({ write: (line) => process.stderr.write(line), clock: systemClock });
const contenders = new Map<string, Contender>();

interface Contender {
  readonly elector: Elector;
  readonly tell: Tell;
  /** What becomes of its requests from now on. */
  unheard?: Unheard;
}

type Tell = (kind: HostLine['kind'], atNs: number, how?: string) => void;

function obey(command: Command): void {
  switch (command.kind) {
    case 'start':
      start(command);
      break;
    case 'release':
      void contenders.get(command.elector)?.elector.stop();
      break;
    case 'release-unheard':
      releaseUnheard(command.elector, command.fate);
      break;
    case 'block':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, command.ms);
      break;
    default:
      unreachable(command);
  }
}

function releaseUnheard(identity: string, fate: Unheard): void {
  const contender = contenders.get(identity);
  if (contender === undefined) return;
  contender.unheard = fate;
  void contender.elector.stop();
}

function start(command: Command & { kind: 'start' }): void {
  const { elector: identity, lease, namespace } = command;
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = command;
  const tell: Tell = (kind, atNs, how) => {
    const line = { kind, elector: identity, lease, atNs, ...(how !== undefined && { how }) };
    process.stdout.write(`${JSON.stringify(line satisfies HostLine)}\n`);
  };
  const elector = new Elector({
    client: telling(tell, () => contenders.get(identity)?.unheard),
    namespace,
    leaseName: lease,
    identity,
    settings: { leaseDurationMs, renewDeadlineMs, retryPeriodMs },
    clock: systemClock,
    random: Math.random,
    log: log.with({ identity }),
    observer: {
      masterStatusChanged: (status) => tell(status === 1 ? 'leading' : 'stopped', monotonicNs()),
      slowPathTaken() {},
    },
    onStartedLeading: aborted,
  });
  contenders.set(identity, { elector, tell });
  void elector.run().then((how) => tell('ended', monotonicNs(), how));
}

/**
 * Tells of the first look, once it is over, and of the records that are sent and taken. `unheard` is
 * asked for each request when it is sent, so that one in flight goes on as it began.
 */
function telling(tell: Tell, unheard: () => Unheard | undefined): LeaseClient {
  let hasLooked = false;
  const looked = () => {
    if (!hasLooked) tell('looked', monotonicNs());
    hasLooked = true;
  };
  const suffering = async (send: () => Promise<KubeObject>) => {
    const fate = unheard();
    if (fate === 'request-lost') throw lost;
    const answer = await send();
    if (fate === 'answer-lost') throw lost;
    return answer;
  };
  const writing = async (object: KubeObject, send: () => Promise<KubeObject>) => {
    const sentAtNs = monotonicNs();
    const sighting = observedLease(object);
    if (sighting.kind === 'released') tell('releasing', sentAtNs);
    const answer = await suffering(send);
    if (sighting.kind === 'held') tell('renewed', sentAtNs);
    return answer;
  };
  return {
    get: (ref, options) => suffering(() => client.get(ref, options)).finally(looked),
    create: (object, options) => writing(object, () => client.create(object, options)),
    replace: (object, options) => writing(object, () => client.replace(object, options)),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function writeForAll(): Promise<never> {
  for (;;) {
    for (const { elector, tell } of contenders.values()) {
      // Taken before the question, so that a process that is stopped in between claims nothing.
      const atNs = monotonicNs();
      if (elector.isLeading()) tell('write', atNs);
    }
    await systemClock.sleep(WRITE_EVERY_MS);
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line)))
  .on('close', () => process.exit(0));
await writeForAll();
