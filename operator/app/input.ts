/**
 * Reads the values of flags by type: what the user typed, else the environment, else the default.
 * A value that cannot be read becomes a sentence in `problems`, and something harmless in its place.
 */
import { parseDurationMs } from '../api/duration.ts';
import { LogLevel } from '../telemetry/log.ts';
import { FLAGS, type Flag, type FlagName, type FlagType, optionKey } from './flags.ts';
import { partsOf } from './policy-grammar.ts';
import { type ListenAddress, parseListenAddress } from './server.ts';

/** Flags as commander gives them, by camelCase name; those that the user did not type are absent. */
export type FlagValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The flags of one type. */
export type FlagOf<Type extends FlagType> = Extract<
  (typeof FLAGS)[number],
  { readonly type: Type }
>['name'];

interface Given {
  readonly text: string;
  /** What to call it in a message: the flag, or the variable it came from. */
  readonly source: string;
}

/** A duration longer than this, in ms, is a mistake in the unit. */
const LONGEST_DURATION_MS = 3_600_000;

/**
 * Reads each flag when it is asked for, by the type that the table gives it, and collects what is wrong. What it
 * returns beside a problem only keeps the caller going: nobody may use it once `problems` is not empty.
 */
export class Input {
  readonly #values: FlagValues;
  readonly #env: Environment;
  readonly #problems: string[] = [];

  constructor(values: FlagValues, env: Environment) {
    this.#values = values;
    this.#env = env;
  }

  /** One sentence for each value that cannot be used, in the order in which they were read. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Adds a problem that only the reader of several values can see. */
  refuse(sentence: string): void {
    this.#problems.push(sentence);
  }

  /** The text, if any; one that does not match `grammar` is refused as "not a <what>". */
  text(name: FlagOf<'text'>, grammar: RegExp, what: string): string | undefined {
    return this.#checked(this.#given(name), grammar, what);
  }

  /** As `text`, for a flag that has a default. */
  textOrDefault(name: FlagOf<'text'>, grammar: RegExp, what: string): string {
    return this.text(name, grammar, what) ?? flagNamed(name).default ?? '';
  }

  /** Parts between commas or from repeated flags: sorted, each once. */
  list(name: FlagOf<'list'>, grammar: RegExp, what: string): readonly string[] {
    const given = this.#given(name);
    if (given === undefined) return [];
    const { source } = given;
    return partsOf(given.text).filter(
      (text) => this.#checked({ text, source }, grammar, what) !== undefined,
    );
  }

  /** `true` or `false`, as written. */
  isOn(name: FlagOf<'switch'>): boolean {
    const { text, source } = this.#required(name);
    if (text !== 'true' && text !== 'false')
      this.refuse(`${source} "${text}" is not true or false.`);
    return text === 'true';
  }

  /** A whole number from 1 to `most`. */
  number(name: FlagOf<'number'>, most: number): number {
    const { text, source } = this.#required(name);
    const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= most) return value;
    this.refuse(`${source} "${text}" is not a whole number from 1 to ${most}.`);
    return 1;
  }

  /** In ms; whole seconds, from 1 s to 1 h. */
  durationMs(name: FlagOf<'duration'>): number | undefined {
    const { text, source } = this.#required(name);
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms >= 1000 && ms <= LONGEST_DURATION_MS) return ms;
    this.refuse(`${source} "${text}" is not a duration from 1s to 1h, such as 15s or 1m30s.`);
    return undefined;
  }

  /** As `parseListenAddress` of server.ts reads it. */
  address(name: FlagOf<'address'>): ListenAddress {
    const { text, source } = this.#required(name);
    const address = parseListenAddress(text);
    if (address !== undefined) return address;
    this.refuse(
      `${source} "${text}" is not an address such as :8080, 127.0.0.1:8080, [::1]:8080 or 0.`,
    );
    return { kind: 'off' };
  }

  /** One of the names in `LogLevel`. */
  level(name: FlagOf<'level'>): LogLevel {
    const { text, source } = this.#required(name);
    const levels = Object.values(LogLevel);
    const level = levels.find((one) => one === text);
    if (level === undefined) this.refuse(`${source} "${text}" is not one of ${levels.join(', ')}.`);
    return level ?? LogLevel.Info;
  }

  #checked(given: Given | undefined, grammar: RegExp, what: string): string | undefined {
    if (given === undefined) return undefined;
    if (grammar.test(given.text)) return given.text;
    this.refuse(`${given.source} "${given.text}" is not ${what}.`);
    return undefined;
  }

  #required(name: FlagName): Given {
    return this.#given(name) ?? { text: flagNamed(name).default ?? '', source: `--${name}` };
  }

  #given(name: FlagName): Given | undefined {
    const value = this.#values[optionKey(name)];
    if (value !== undefined && value !== '') return { text: String(value), source: `--${name}` };
    const { env } = flagNamed(name);
    const text = this.#env[env];
    return text === undefined || text === '' ? undefined : { text, source: env };
  }
}

function flagNamed(name: FlagName): Flag {
  const found = FLAGS.find((flag) => flag.name === name);
  if (found === undefined) throw new Error(`No flag "${name}" in app/flags.ts`);
  return found;
}
