/**
 * Requests to the API server, each way on its own: late, lost before it was carried out or after,
 * or so late that it is carried out when its sender has given up.
 */
import type { World } from './world.ts';

/** How messages fare. */
export interface Weather {
  /** One way, at most, in ms. */
  readonly delayMs: number;
  /** Share of messages that never arrive, one way. */
  readonly loss: number;
  /** Share of messages that take up to `slowMs`, one way. */
  readonly slow: number;
  readonly slowMs: number;
}

/** What everything heals to. */
export const CALM: Weather = { delayMs: 20, loss: 0, slow: 0, slowMs: 0 };
export const WINDY: Weather = { delayMs: 200, loss: 0.01, slow: 0.04, slowMs: 1_500 };
export const STORMY: Weather = { delayMs: 400, loss: 0.08, slow: 0.12, slowMs: 6_000 };

/** Between one machine, or one of its programs, and the API server. */
export interface Link {
  weather: Weather;
  /** Nothing passes before. */
  cutUntilMs: number;
}

export interface Call<T> {
  /** True ms after which the sender gives up. */
  readonly timeoutMs: number;
  /** Carried out by the server, at its time. */
  readonly request: () => T;
  /** Undefined: none came in time, whatever the server has done. */
  readonly answer: (reply: T | undefined) => void;
}

export function call<T>(world: World, link: Link, { timeoutMs, request, answer }: Call<T>): void {
  const { random, restores } = world;
  const giveUpAtMs = world.nowMs + timeoutMs;
  const giveUp = () => answer(undefined);
  if (isCut(world, link) || random.chance(link.weather.loss)) {
    world.at(giveUpAtMs, giveUp);
    return;
  }
  const arrivesAtMs = world.nowMs + delay(world, link);
  // An API server that is restored begins anew: what was on its way to it never arrives.
  const arrives = () => world.restores === restores;
  if (arrivesAtMs >= giveUpAtMs) {
    world.at(arrivesAtMs, () => {
      if (arrives()) request();
    });
    world.at(giveUpAtMs, giveUp);
    return;
  }
  world.at(arrivesAtMs, () => {
    if (!arrives()) {
      world.at(giveUpAtMs, giveUp);
      return;
    }
    const reply = request();
    const isLost = isCut(world, link) || random.chance(link.weather.loss);
    const answeredAtMs = world.nowMs + delay(world, link);
    if (isLost || answeredAtMs >= giveUpAtMs) world.at(giveUpAtMs, giveUp);
    else world.at(answeredAtMs, () => answer(reply));
  });
}

/** Of one message, one way. */
export function delay({ random }: World, { weather }: Link): number {
  if (weather.slow > 0 && random.chance(weather.slow)) {
    return random.between(weather.delayMs, weather.slowMs);
  }
  return random.between(1, weather.delayMs);
}

export function isCut(world: World, link: Link): boolean {
  return world.nowMs < link.cutUntilMs;
}
