/**
 * Logs as JSON lines: a constant message and its fields, `{"ts":…,"level":…,"msg":…,…fields}`.
 * Fields are plain data; whole Kubernetes objects and credentials have no place in them.
 */
import type { Clock } from '../base/time.ts';

/** From the most talkative to the most severe. */
export const LogLevel = { Debug: 'debug', Info: 'info', Warn: 'warn', Error: 'error' } as const;
/** `debug`, `info`, `warn` or `error`, as `--log-level` takes it and lines show it. */
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** Names in camelCase, durations ending in `Ms`. Errors become their message and stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One method a level. `message` is constant text, so that lines can be counted; what varies is in `fields`. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log whose every line carries `fields` as well. */
  with(fields: LogFields): Log;
}

/** Where lines go, and which. `clock` dates them, in UTC. */
export interface LogOptions {
  /** Gets one line at a time, line feed included. */
  readonly write: (line: string) => void;
  readonly clock: Pick<Clock, 'wallClock'>;
  /** Lines below it are not written. Default: info. */
  readonly level?: LogLevel;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * A log that never throws: fields that cannot be serialised are replaced by `unserialisable`, which says why.
 * A field named `ts`, `level` or `msg` would hide that of the line.
 */
export function createLog({ write, clock, level = LogLevel.Info }: LogOptions): Log {
  return logWith({});

  function logWith(always: LogFields): Log {
    const at = (line: LogLevel) => (msg: string, fields?: LogFields) => {
      if (RANK[line] < RANK[level]) return;
      const ts = clock.wallClock().toISOString();
      write(`${serialised({ ts, level: line, msg, ...always, ...fields })}\n`);
    };
    return {
      debug: at(LogLevel.Debug),
      info: at(LogLevel.Info),
      warn: at(LogLevel.Warn),
      error: at(LogLevel.Error),
      with: (fields) => logWith({ ...always, ...fields }),
    };
  }
}

/** Swallows everything: for tests, and for programs that log nothing. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};

function serialised(line: LogFields): string {
  try {
    return JSON.stringify(line, plain);
  } catch (error) {
    const { ts, level, msg } = line;
    return JSON.stringify({ ts, level, msg, unserialisable: String(error) });
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) {
    const cause = value.cause === undefined ? {} : { cause: value.cause };
    return { message: value.message, stack: value.stack, ...cause };
  }
  return value;
}
