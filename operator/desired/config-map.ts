/**
 * The ConfigMap with the controller's config.yaml: immutable, and named by the hash of its content. A
 * container that restarts in an old pod would read the newest data of a mutable one, so that a bad
 * config would kill the old pods too. Also the only place that writes YAML for the controller.
 */
import { Document, type Pair, Scalar, visit } from 'yaml';
import type { Ha } from '../api/ha.ts';
import { contentHash } from '../base/canonical-json.ts';
import type { KubeObject } from '../base/kube-object.ts';
import { ConfigMapKind } from '../base/resource-kinds.ts';
import { child } from './child.ts';
import { controllerConfig } from './config.ts';
import { childName } from './naming.ts';

/** Key in the ConfigMap, and name of the mounted file. */
export const CONFIG_FILE = 'config.yaml';

/** The configuration of the controllers of one resource. */
export interface RenderedConfig {
  /** Name of the ConfigMap: `<name>-icha-<10 hexadecimal digits of the hash of config.yaml>`. */
  readonly name: string;
  /** config.yaml. */
  readonly text: string;
}

/** Gives the configuration of one resource: renders it at the first call, and never again. */
export type LazyConfig = () => RenderedConfig;

/** Not rendered yet. Throws at the first call what `renderConfig` throws. */
export function lazyConfig(ha: Ha): LazyConfig {
  let rendered: RenderedConfig | undefined;
  return () => {
    rendered ??= renderConfig(ha);
    return rendered;
  };
}

/** Throws for `configOverrides` of more than MAX_DEPTH levels, which freeFormErrors refuses before. */
export function renderConfig(ha: Ha): RenderedConfig {
  const text = configText(ha);
  return { name: `${childName(ha)}-${contentHash(text, 10)}`, text };
}

/** The ConfigMap that the pods of this very specification mount. */
export function configMap(ha: Ha, { name, text }: RenderedConfig): KubeObject {
  return child(ha, ConfigMapKind, { name, immutable: true, data: { [CONFIG_FILE]: text } });
}

/**
 * config.yaml as the controller reads it: first as a Go text/template over its environment, then as
 * YAML. So every string is a double-quoted scalar, and no two opening braces ever stand together: one of
 * them is written as `\u007b`, which YAML reads as a brace and the template engine does not.
 */
function configText(ha: Ha): string {
  const document = new Document(controllerConfig(ha), { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, pair) => quoteUnusualKey(pair),
    Scalar: (_, scalar) => mendText(scalar),
  });
  const text = document.toString({
    lineWidth: 0,
    defaultKeyType: 'PLAIN',
    defaultStringType: 'QUOTE_DOUBLE',
    doubleQuotedAsJSON: true,
  });
  return escapeForTemplateAndYaml(text);
}

/** Keys like the controller's own stay plain; any other is quoted, or `on` would become a boolean. */
const PLAIN_KEY = /^([a-z]+(_[a-z0-9]+)+|disable|enable|port|provider|type|webhook)$/;

function quoteUnusualKey(pair: Pair): void {
  const { key } = pair;
  if (key instanceof Scalar && !PLAIN_KEY.test(String(key.value))) key.type = 'QUOTE_DOUBLE';
}

/** Half a surrogate pair is no character; the controller's YAML parser refuses its escape. */
function mendText(scalar: Scalar): void {
  if (typeof scalar.value === 'string') scalar.value = scalar.value.toWellFormed();
}

/** Breaks up `{{`, and writes out the characters that YAML refuses or takes for a line break. */
function escapeForTemplateAndYaml(text: string): string {
  return text.replaceAll(/\{(?=\{)|[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
