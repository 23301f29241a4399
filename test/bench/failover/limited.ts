/** Lets only so many pieces of work run at the same time; the others wait for their turn, in order. */
export type Limited = <T>(work: () => Promise<T>) => Promise<T>;

export function limited(atOnce: number): Limited {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
