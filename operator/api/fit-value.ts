/** Texts and numbers as a node of a schema allows them: changed as little as needed, else left out. */

/** A node of a schema, ours or one of a live CRD: plain JSON, of which only known keywords are read. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/**
 * The text cut to its limit, one of the allowed words, or a time; undefined when it can be none of them.
 * Half a surrogate pair would come back as another character, and be written again and again.
 */
export function fitText(schema: SchemaNode, value: string): string | undefined {
  const text = value.toWellFormed();
  const words = schema.enum === undefined ? undefined : texts(schema.enum);
  if (words !== undefined) {
    if (words.includes(text)) return text;
    return words.includes(UNKNOWN) ? UNKNOWN : undefined;
  }
  const cut =
    schema.format === 'date-time'
      ? asDateTime(text, numberOf(schema.maxLength))
      : clip(text, numberOf(schema.maxLength));
  if (cut === undefined) return undefined;
  const least = numberOf(schema.minLength) ?? 0;
  return [...cut.slice(0, 2 * least)].length < least ? undefined : cut;
}

/** The word that lists of words have for what is not known; it replaces one that is not in the list. */
export const UNKNOWN = 'Unknown';

/** At most `limit` characters, counted as the API server counts them: by code point. Cut texts end in "…". */
export function clip(text: string, limit = Number.POSITIVE_INFINITY): string {
  if (text.length <= limit) return text;
  // Twice as many units hold at least so many characters; the rest need not be looked at.
  const characters = [...text.slice(0, 2 * (limit + 1))];
  if (characters.length <= limit) return text;
  return limit < 1 ? '' : `${characters.slice(0, limit - 1).join('')}…`;
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 3339 as it stands, or made so, to the second, from another form of the same instant. */
function asDateTime(text: string, limit = Number.POSITIVE_INFINITY): string | undefined {
  const found = DATE_TIME.exec(text);
  const isDate = found !== null && isDay(Number(found[1]), Number(found[2]), Number(found[3]));
  if (isDate && text.length <= limit) return text;
  const instant = new Date(text.length > 64 ? Number.NaN : text);
  const year = instant.getUTCFullYear();
  const mended = year >= 0 && year <= 9999 ? `${instant.toISOString().slice(0, 19)}Z` : undefined;
  return mended !== undefined && mended.length <= limit ? mended : undefined;
}

function isDay(year: number, month: number, day: number): boolean {
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  );
}

/** The nearest number that is allowed; undefined for NaN. */
export function fitNumber(schema: SchemaNode, value: number): number | undefined {
  if (Number.isNaN(value)) return undefined;
  const whole = schema.type === 'integer' ? Math.trunc(value) : value;
  const least = Math.max(numberOf(schema.minimum) ?? -bound(schema), -bound(schema));
  const most = Math.min(numberOf(schema.maximum) ?? bound(schema), bound(schema));
  return Math.min(Math.max(whole, least), most) + 0; // and no -0, which comes back as 0
}

function bound({ type, format }: SchemaNode): number {
  if (format === 'int32') return 2 ** 31 - 1;
  return type === 'integer' ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
}

/** An empty text, or `Unknown` padded with dots to the least length that the schema allows. */
export function neutralText(schema: SchemaNode): string {
  const least = numberOf(schema.minLength) ?? 0;
  return least === 0 ? '' : clip(UNKNOWN.padEnd(least, '.'), numberOf(schema.maxLength));
}

/** The strings of a list; none when it is no list. */
export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A number, or undefined. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
