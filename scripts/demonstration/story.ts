/** What the demo shows, in order, as the commands that a user would type. */
import { setTimeout as pause } from 'node:timers/promises';
import { record } from '../../operator/base/read.ts';
import { type DemoCluster, SERVED_NAMESPACE, sampleResource } from './cluster.ts';
import type { Presentation } from './presentation.ts';

const CHILDREN = 'deployment,pods,configmap,role,rolebinding,lease,service,pdb';
const OURS = 'app.kubernetes.io/managed-by=ingress-controller-ha';
const FASTER = { leaseDuration: '10s', renewDeadline: '7s', retryPeriod: '1s' };
const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 150_000;

export async function tellStory(
  cluster: DemoCluster,
  show: Presentation,
  { keep }: { readonly keep: boolean },
): Promise<void> {
  const resource = await sampleResource(cluster);
  const { name } = resource.metadata;
  const kubectl = (args: string) => ['-n', SERVED_NAMESPACE, ...args.split(' ')];
  const run = async (args: string, input?: string) => {
    show.command(`kubectl ${args}`);
    show.output(await cluster.kubectl(kubectl(args), input));
  };

  show.title('One resource');
  await run('apply -f -', JSON.stringify(resource));
  await run(`wait --for=condition=Ready icha/${name} --timeout=120s`);

  show.title('What came into being');
  await run(`get ${CHILDREN} -l ${OURS}`);
  await run(`get icha ${name}`);
  await showStatus();

  show.title('The leader is deleted');
  await eventually('a leader that is watched', async () => {
    return conditionStatus(await statusOf(), 'FailoverAssistReady') === 'True';
  });
  await run('get pods -L ingressha.dev/role');
  await run(`delete pod ${record((await statusOf()).leader).podName} --wait=false`);
  await eventually('its successor', async () => list((await statusOf()).failovers).length > 0);
  await showFailover();

  show.title('Scaled, the way everything is scaled');
  await run(`scale icha ${name} --replicas=3`);
  await run(`wait --for=jsonpath={.status.readyReplicas}=3 icha/${name} --timeout=120s`);
  await run(`get icha ${name}`);

  show.title("The vendor's faster preset: 10s / 7s / 1s");
  const patch = JSON.stringify({ spec: { leaderElection: FASTER } });
  show.command(`kubectl patch icha ${name} --type=merge -p '${patch}'`);
  show.output(await cluster.kubectl([...kubectl(`patch icha ${name} --type=merge -p`), patch]));
  show.progress(
    'rolling three replicas; the old leader keeps its Lease of 30s to the end, so this takes a while',
  );
  await eventually('the settings in effect', async () => {
    const status = await statusOf();
    return (
      conditionStatus(status, 'ElectionSettingsEffective') === 'True' &&
      conditionStatus(status, 'Ready') === 'True'
    );
  });
  show.note('What counts is what the live Lease says:');
  await run(
    `get lease ${await leaseName()} -o jsonpath={.spec.holderIdentity}{"\\t"}{.spec.leaseDurationSeconds}{"s"}`,
  );
  await showStatus();
  if (keep) return;

  show.title('And gone');
  await run(`delete icha ${name}`);
  await eventually('the end of every child', async () => (await leftovers()) === '');
  await run(`get ${CHILDREN},icha -l ${OURS}`);
  show.note('Nothing is left: no child, no Lease, no finalizer that anybody had to wait for.');

  async function statusOf(): Promise<Readonly<Record<string, unknown>>> {
    return record(JSON.parse(await cluster.kubectl(kubectl(`get icha ${name} -o json`))).status);
  }

  async function showStatus(): Promise<void> {
    const { leader, standbys, election, conditions } = await statusOf();
    const lines = list(conditions).map(
      ({ type, status, reason, message }) =>
        `${String(type).padEnd(26)}${String(status).padEnd(8)}${String(reason).padEnd(22)}${message}`,
    );
    show.note(`leader   ${record(leader).podName} on ${record(leader).nodeName}`);
    for (const standby of list(standbys)) show.note(`standby  ${standby.podName}`);
    const { leaseDurationSeconds, expectedFailoverMilliseconds } = record(election);
    const seconds = Math.round(Number(expectedFailoverMilliseconds) / 100) / 10;
    show.note(`Lease of ${leaseDurationSeconds} s; waiting for its end takes about ${seconds} s`);
    show.output(lines.join('\n'));
  }

  async function showFailover(): Promise<void> {
    const [failover] = list((await statusOf()).failovers);
    const { cause, winner, assist, leaderlessMilliseconds } = record(failover);
    const seconds = (Number(leaderlessMilliseconds) / 1000).toFixed(1);
    show.note(`${cause}, ${winner} leads, Lease ${assist}: at most ${seconds} s without a leader`);
  }

  async function leaseName(): Promise<string> {
    return String(record((await statusOf()).election).leaseName);
  }

  function leftovers(): Promise<string> {
    return cluster.kubectl(kubectl(`get ${CHILDREN},icha -l ${OURS} -o name`));
  }
}

async function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  const startedAtMs = performance.now();
  while (!(await check())) {
    if (performance.now() - startedAtMs > PATIENCE_MS) {
      throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain for ${what}.`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

function conditionStatus(status: Readonly<Record<string, unknown>>, type: string): unknown {
  return list(status.conditions).find((condition) => condition.type === type)?.status;
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(record) : [];
}
