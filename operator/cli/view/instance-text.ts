/** Everything that `status NAME` prints for people: a headline, the tree, and what a failure costs. */
import { parseDurationMs } from '../../api/duration.ts';
import type { ConditionStatus } from '../../api/types.generated.ts';
import type { InstanceView } from './decide/instance-view.ts';
import { headlineOf, type Standing } from './decide/standing.ts';
import { failoverLines } from './failover-lines.ts';
import { instanceTree } from './instance-tree.ts';
import { filled, oneLine } from './lines.ts';
import type { Paint, Tone } from './paint.ts';
import { ageOf, roughly } from './words.ts';

/** How a resource is laid out. `width`: in columns. */
interface TextOptions {
  readonly paint: Paint;
  readonly width: number;
  /** `all`: each condition and each failover in full. */
  readonly detail: 'some' | 'all';
  /** The calendar, in ms since 1970. */
  readonly nowMs: number;
}

/** With a line feed at its end. */
export function instanceText(view: InstanceView, options: TextOptions): string {
  const { paint, width } = options;
  const sections = [
    filled(headlineOf(view), width, { further: '  ' }).map((line) =>
      paint(toneOf(view.standing), line),
    ),
    instanceTree(view, options),
    electionLines(view, options),
    failoverLines(view, options),
    conditionLines(view, options),
    view.gaps
      .flatMap(({ message }) => filled(oneLine(message), width, { further: '  ' }))
      .map((line) => paint('warn', line)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function toneOf({ kind }: Standing): Tone {
  if (kind === 'current') return 'good';
  return kind === 'failed' ? 'bad' : 'warn';
}

/** Two columns: a title and its text, filled. */
function entry(title: string, words: string, { paint, width }: TextOptions): readonly string[] {
  const [head = '', ...rest] = filled(words, width, {
    first: title.padEnd(10),
    further: ' '.repeat(10),
  });
  return [paint('title', title) + head.slice(title.length), ...rest];
}

function electionLines(view: InstanceView, options: TextOptions): readonly string[] {
  const { asked = {}, election } = view;
  if (asked.electionMode === 'Disabled') {
    return entry(
      'Election',
      'none: the one replica always leads, and an update stops it first',
      options,
    );
  }
  const { leaseDuration, renewDeadline, retryPeriod } = asked;
  const settings = [
    `leaseDuration ${leaseDuration ?? '<unknown>'}${foundOtherwise(view)}`,
    `renewDeadline ${renewDeadline ?? '<unknown>'}`,
    `retryPeriod ${retryPeriod ?? '<unknown>'}`,
  ];
  const cost =
    election === undefined || options.detail === 'some'
      ? []
      : [
          `a leader survives ${election.apiOutageToleranceSeconds}s without the API server`,
          `${election.apiRequestsPerMinute} requests a minute`,
        ];
  return [
    ...entry('Election', [...settings, ...cost].join(', '), options),
    ...entry('Failover', failoverWords(view), options),
  ];
}

/** The Lease carries what its holder runs with. */
function foundOtherwise({ asked, lease }: InstanceView): string {
  if (lease?.durationMs === undefined || lease.holder === '') return '';
  const found = `${lease.durationMs / 1000}s`;
  const wanted = parseDurationMs(asked?.leaseDuration ?? '');
  return wanted === undefined || wanted === lease.durationMs ? '' : ` (the Lease says ${found})`;
}

/** What the loss of the leader costs, with the operator's help and without. */
function failoverWords({ asked, election, conditions, replicas }: InstanceView): string {
  if (replicas.wanted === 0) return 'none: nobody is to lead while there are no replicas';
  if (election === undefined) return '<unknown>, the operator has not calculated it yet';
  const usual = roughly(election.expectedFailoverMilliseconds);
  const worst = roughly(election.worstCaseFailoverMilliseconds);
  const helped = roughly(election.assistedFailoverMilliseconds);
  const alone = `usually ${usual}, at worst ${worst}`;
  const pod = replicas.wanted < 2 ? ', plus the start of a pod: there is no standby' : '';
  const ready = conditions.find(({ type }) => type === 'FailoverAssistReady');
  if (asked?.failoverMode === 'Disabled') return `${alone}${pod}; failover.mode is Disabled`;
  if (asked?.failoverMode === 'Observe') {
    return `${alone}${pod}; failover.mode is Observe, Assisted would make it at most ${helped}`;
  }
  if (ready?.status === 'True') {
    return `at most ${helped} with the operator's help, without it ${alone}${pod}`;
  }
  const why = ready === undefined ? '' : ` (${ready.reason})`;
  return `${alone}${pod}; the operator would not help now${why}, else it is at most ${helped}`;
}

function conditionLines({ conditions }: InstanceView, options: TextOptions): readonly string[] {
  if (conditions.length === 0) return [];
  const full = options.detail === 'all' ? conditions : conditions.filter((it) => !asItShouldBe(it));
  const rest = conditions.filter((it) => !full.includes(it)).map(({ type }) => type);
  const { paint, width } = options;
  const lines = full.flatMap((condition) => {
    const tone = asItShouldBe(condition) ? 'good' : 'warn';
    const [head = '', ...more] = filled(conditionWords(condition, options), width, {
      first: '  ',
      further: '    ',
    });
    const state = `  ${oneLine(`${condition.type}=${condition.status}`)}`;
    return [paint(tone, state) + head.slice(state.length), ...more];
  });
  const good =
    rest.length === 0
      ? []
      : filled(`As they should be: ${rest.join(', ')}`, width, { first: '  ', further: '    ' });
  return [paint('title', 'Conditions'), ...lines, ...good];
}

/** Reconciling and Stalled are there only while they are true, and that is no good sign. */
function asItShouldBe({ type, status }: ConditionStatus): boolean {
  return status === 'True' && type !== 'Reconciling' && type !== 'Stalled';
}

function conditionWords(condition: ConditionStatus, { nowMs }: TextOptions): string {
  const { type, status, reason, message, lastTransitionTime } = condition;
  const since = ageOf(lastTransitionTime, nowMs);
  return oneLine(`${type}=${status} ${reason} for ${since}: ${message}`);
}
