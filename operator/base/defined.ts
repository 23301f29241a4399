/** Leaving out what is absent: an optional member that has no value is not written at all. */

/**
 * The type of what `defined` gives: a member that may be undefined becomes an optional one that is never undefined, as
 * `exactOptionalPropertyTypes` wants it. All others stay as they are.
 */
export type Defined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/**
 * The same members in the same order, without those whose value is `undefined`. `null`, `false`, 0 and '' are values and
 * stay. Looks at the outermost level only, and changes nothing that it is given.
 */
export function defined<const T extends object>(members: T): Defined<T> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Defined<T>;
}
