/**
 * Flags and environment in, one frozen `Config` out, or every problem at once. The only file that
 * reads the environment; the table of flags is app/flags.ts.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../base/dns.ts';
import type { ObjectKey } from '../base/kube-object.ts';
import { checkElectionSettings, type ElectionSettings } from '../decide/election/settings.ts';
import type { InstallerPolicy } from '../desired/installer.ts';
import { DEFAULT_OPERATOR_NAMESPACE, servedNamespacesProblem } from '../desired/rights.ts';
import type { CredentialSource } from '../kube/credentials/credential-source.ts';
import type { LogLevel } from '../telemetry/log.ts';
import { type Environment, type FlagValues, Input } from './input.ts';
import {
  IMAGE_REGISTRY,
  IMAGE_REPOSITORY,
  POD_METADATA,
  SERVICE_ACCOUNT,
} from './policy-grammar.ts';
import type { ListenAddress } from './server.ts';

/** What `ingress-ha run` runs with. */
export interface Config {
  /** Namespaces to serve, sorted, at least one. */
  readonly namespaces: readonly string[];
  /** Where the operator's own Lease lives. */
  readonly operatorNamespace: string;
  readonly credentials: CredentialSource;
  readonly policy: InstallerPolicy;
  /** Resources reconciled at the same time, 1 to 64. */
  readonly workers: number;
  /** Rollouts that the operator causes at the same time, 1 to 1000. */
  readonly maxConcurrentRollouts: number;
  readonly metricsAddress: ListenAddress;
  readonly probeAddress: ListenAddress;
  readonly election: ElectionConfig;
  readonly logLevel: LogLevel;
  /** Variable that names a proxy: none is used, and whoever waits for an answer is told. */
  readonly ignoredProxy?: string;
}

/** Whether this process takes part in an election among its replicas, and with which settings. */
export type ElectionConfig =
  | { readonly kind: 'elect'; readonly leaseName: string; readonly settings: ElectionSettings }
  | { readonly kind: 'lead-alone' }; // --no-leader-elect: for development

/** A configuration, or everything that is wrong with the flags and variables: nothing runs with half of them. */
export type ParsedConfig =
  | { readonly kind: 'valid'; readonly config: Config }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }; // one sentence each

/** What the surroundings say, for tests to say otherwise. */
export interface ConfigOptions {
  /** The namespace that a pod finds in its service account. */
  readonly podNamespace?: string;
  /** Where `.kube/config` is looked for. Default: the user's. */
  readonly home?: string;
}

/** What the user named; an absent one means: as the surroundings have it. */
export interface AskedCredentials {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** `--as`. */
  readonly impersonateUser?: string;
}

/** Where a pod reads its own namespace. */
const POD_NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
const ANYTHING = /^/;

/** `parseConfig` of this process: its environment and its pod's namespace. */
export function loadConfig(values: FlagValues): ParsedConfig {
  const podNamespace = namespaceOfPod();
  return parseConfig(values, process.env, podNamespace === undefined ? {} : { podNamespace });
}

/** A flag counts before its variable, and that before the default. */
export function parseConfig(
  values: FlagValues,
  env: Environment,
  options: ConfigOptions = {},
): ParsedConfig {
  const input = new Input(values, env);
  const namespace = operatorNamespace(input, env, options);
  const leaseName = input.textOrDefault('lease-name', DNS_SUBDOMAIN, 'a name of a Lease');
  const config: Config = {
    namespaces: servedNamespaces(input),
    operatorNamespace: namespace,
    credentials: credentials(input, env, options),
    policy: policy(input, { namespace, name: leaseName }),
    workers: input.number('workers', 64),
    maxConcurrentRollouts: input.number('max-concurrent-rollouts', 1000),
    metricsAddress: input.address('metrics-address'),
    probeAddress: input.address('probe-address'),
    election: election(input, leaseName),
    logLevel: input.level('log-level'),
    ...ignoredProxy(env),
  };
  if (input.problems.length > 0) return { kind: 'invalid', problems: input.problems };
  return { kind: 'valid', config: deepFreeze(config) };
}

/**
 * The kubeconfig that was asked for; else the service account of the pod we run in; else the files
 * of KUBECONFIG, else the user's own.
 */
export function credentialSource(
  asked: AskedCredentials,
  env: Environment,
  home: string = homedir(),
): CredentialSource {
  const { kubeconfig, context, impersonateUser } = asked;
  const nothingAsked = kubeconfig === undefined && context === undefined;
  const impersonation = impersonateUser === undefined ? {} : { impersonateUser };
  if (nothingAsked && env.KUBERNETES_SERVICE_HOST) return { kind: 'in-cluster', ...impersonation };
  const listed = (kubeconfig ?? env.KUBECONFIG ?? '')
    .split(delimiter)
    .filter((file) => file !== '');
  const files = listed.length > 0 ? listed : [join(home, '.kube', 'config')];
  const overrides = { ...(context !== undefined && { context }), ...impersonation };
  return { kind: 'kubeconfig', files, ...(Object.keys(overrides).length > 0 && { overrides }) };
}

/** `credentialSource` of this process: its environment and its user's home. */
export function loadCredentialSource(asked: AskedCredentials): CredentialSource {
  return credentialSource(asked, process.env);
}

/** `ignoredProxy` of this process's environment. */
export function loadIgnoredProxy(): Pick<Config, 'ignoredProxy'> {
  return ignoredProxy(process.env);
}

/** The first variable that kubectl would take a proxy from. */
export function ignoredProxy(env: Environment): Pick<Config, 'ignoredProxy'> {
  const names = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
  const name = names.find((one) => env[one]);
  return name === undefined ? {} : { ignoredProxy: name };
}

function credentials(input: Input, env: Environment, { home }: ConfigOptions): CredentialSource {
  const kubeconfig = input.text('kubeconfig', ANYTHING, 'a path');
  const context = input.text('context', ANYTHING, 'a context');
  const asked = {
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  };
  return credentialSource(asked, env, home);
}

function servedNamespaces(input: Input): readonly string[] {
  const problemsBefore = input.problems.length;
  const namespaces = input.list('namespaces', DNS_LABEL, 'a namespace (a DNS label)');
  if (namespaces.length === 0 && input.problems.length === problemsBefore) {
    input.refuse('--namespaces is missing: name the namespaces to serve, such as ingress-apisix.');
  }
  const problem = namespaces.length === 0 ? undefined : servedNamespacesProblem(namespaces);
  if (problem !== undefined) input.refuse(`--namespaces: ${problem}`);
  return namespaces;
}

function operatorNamespace(input: Input, env: Environment, options: ConfigOptions): string {
  const asked = input.text('operator-namespace', DNS_LABEL, 'a namespace (a DNS label)');
  return asked ?? (env.POD_NAMESPACE || options.podNamespace || DEFAULT_OPERATOR_NAMESPACE);
}

function policy(input: Input, ownLease: ObjectKey): InstallerPolicy {
  const imageRegistry = input.text('image-registry', ...IMAGE_REGISTRY);
  return {
    serviceAccountName: input.textOrDefault('operand-service-account', ...SERVICE_ACCOUNT),
    ...(imageRegistry !== undefined && { imageRegistry }),
    allowedImageRepositories: input.list('allowed-image-repository', ...IMAGE_REPOSITORY),
    imageDigest: input.isOn('require-image-digest') ? 'Required' : 'Optional',
    allowedPodMetadata: input.list('allowed-pod-metadata', ...POD_METADATA),
    podTemplatePatch: input.isOn('allow-pod-template-patch') ? 'Allowed' : 'Refused',
    envAndVolumes: input.isOn('allow-env-and-volumes') ? 'Allowed' : 'Refused',
    sharedLease: input.isOn('allow-shared-lease') ? 'Allowed' : 'Refused',
    ownLease,
  };
}

function election(input: Input, leaseName: string): ElectionConfig {
  const leaseDurationMs = input.durationMs('lease-duration');
  const renewDeadlineMs = input.durationMs('renew-deadline');
  const retryPeriodMs = input.durationMs('retry-period');
  const wanted = input.isOn('leader-elect');
  if (!wanted || !leaseDurationMs || !renewDeadlineMs || !retryPeriodMs)
    return { kind: 'lead-alone' };
  const settings = { leaseDurationMs, renewDeadlineMs, retryPeriodMs };
  for (const problem of checkElectionSettings(settings)) input.refuse(problem);
  return { kind: 'elect', leaseName, settings };
}

function namespaceOfPod(): string | undefined {
  try {
    return readFileSync(POD_NAMESPACE_FILE, 'utf8').trim() || undefined;
  } catch {
    return undefined; // not in a pod, or without a service account
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  }
  return Object.freeze(value);
}
