/** How the values of flags and arguments are read: each grammar once, with the sentence about anything else. */
import { Argument, InvalidArgumentError, Option } from 'commander';
import { formatDuration, parseDurationMs } from '../api/duration.ts';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../base/dns.ts';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;

/** What a flag for a namespace takes, for `parsedBy`. */
export const NAMESPACE_GRAMMAR = [DNS_LABEL, 'a namespace (a DNS label)'] as const;

/** The argument of a command about one resource: `<name>`, or `[name]` where it may be left out. */
export function nameArgument(placeholder: '<name>' | '[name]'): Argument {
  const argument = new Argument(placeholder, 'name of the IngressControllerHA');
  return argument.argParser(parsedBy(DNS_SUBDOMAIN, 'a name of a resource'));
}

/** A flag with a duration from 1s to 1h, in ms once it is parsed. */
export function durationOption(flags: string, help: string, defaultMs: number): Option {
  return new Option(flags, help).default(defaultMs, formatDuration(defaultMs)).argParser((text) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
    throw new InvalidArgumentError('It must be a duration from 1s to 1h, such as 30s or 1m30s.');
  });
}

/** Gives the parser of a value that must match `grammar`. For any other it throws "It must be <what>." */
export function parsedBy(grammar: RegExp, what: string): (text: string) => string {
  return (typed) => {
    const text = withoutEquals(typed);
    if (grammar.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${what}.`);
  };
}

/** The value without a leading `=`: kubectl takes `-n=prod` for `-n prod`, and so does this program. */
export function withoutEquals(typed: string): string {
  return typed.startsWith('=') ? typed.slice(1) : typed;
}
