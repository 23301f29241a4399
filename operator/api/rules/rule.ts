/**
 * One rule of the resource, said twice: in CEL for the API server, and in TypeScript for us.
 * A test feeds the same cases to both, so the two never drift apart.
 */

/** A rule on the value (`self`) at the schema node that lists it. */
export interface Rule<Self = unknown> {
  /** Stable name in kebab case, for tests and the reference. */
  readonly name: string;
  /** True where the rule holds. */
  readonly cel: string;
  /** One sentence: what must be. */
  readonly message: string;
  /** The same sentence with the effective values, where those help. */
  readonly withValues?: MessageWithValues<Self>;
  /** The field below `self` that is to blame, for example `.drainPeriod`; else `self` itself. */
  readonly fieldPath?: string;
  /** The field to blame where a CRD may not name it: those of `metadata`. */
  readonly blames?: string;
  /** Whether the rule holds; always true for a rule that compares with the stored object. */
  holds(self: Self): boolean;
}

/** A sentence that shows the values at fault, in both languages. */
export interface MessageWithValues<Self> {
  /** CEL expression that gives a string. */
  readonly cel: string;
  text(self: Self): string;
}

/** The sentence that a user reads when `rule` does not hold for `self`. */
export function explain<Self>(rule: Rule<Self>, self: Self): string {
  return rule.withValues === undefined ? rule.message : rule.withValues.text(self);
}

/** The value must stay what it was at creation. The API server alone sees both versions. */
export function immutable(field: string): Rule {
  return {
    name: `${field}-immutable`,
    cel: 'self == oldSelf',
    message: `\`${field}\` must not change: create another resource instead`,
    holds: () => true,
  };
}

/** Once it was `value` it stays so. The API server alone sees both versions. */
export function lasting(field: string, value: string, because: string): Rule {
  return {
    name: `${field}-stays-${value.toLowerCase()}`,
    cel: `self == oldSelf || oldSelf != '${value}'`,
    message: `\`${field}\` must stay ${value}: ${because}`,
    holds: () => true,
  };
}

/** A string must match `pattern`, which both RE2 and JavaScript read alike and in linear time. */
export function format(field: string, pattern: string, sentence: string): Rule<string> {
  const grammar = new RegExp(pattern);
  return {
    name: `${field}-format`,
    cel: `self.matches(${celText(pattern)})`,
    message: `\`${field}\` must be ${sentence}`,
    holds: (self) => grammar.test(self),
  };
}

/** A CEL string literal that takes every character as it stands. */
export function celText(raw: string): string {
  return raw.includes("'") ? `r"${raw}"` : `r'${raw}'`;
}
