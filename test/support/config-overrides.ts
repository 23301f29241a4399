/** Random `configOverrides`, for everything that must read config.yaml as it was meant. */
import fc from 'fast-check';
import type { Ha } from '../../operator/api/ha.ts';
import { anHa } from './an-ha.ts';

const AWKWARD = '{{ { } " \\ \n \r \t # : - \u2028 \u0085 \ufeff \u007f é \ud800'.split(' ');
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.string({ unit: fc.constantFrom(...AWKWARD), maxLength: 12 }),
  fc.constantFrom('on', 'yes', 'null', '~', '0777', '---', '{{ .SECRET }}', '{{/*', '1:30', '<<'),
);
const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    fc.boolean(),
    fc.integer(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 4 }),
  ),
})).value;
/** Any JSON object, with a liking for what breaks YAML and Go templates. */
export const overrides = fc.dictionary(texts, values, { maxKeys: 8 });

/** The default resource with these `configOverrides`. */
export function withOverrides(configOverrides: Ha['controller']['configOverrides']): Ha {
  const ha = anHa();
  return { ...ha, controller: { ...ha.controller, configOverrides } };
}

/** The value as UTF-8 carries it: lone surrogates become replacement characters. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, it]) => [key.toWellFormed(), wellFormed(it)]);
  return Object.fromEntries(entries);
}
