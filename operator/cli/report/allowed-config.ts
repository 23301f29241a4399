/** What a report shows of the controller's configuration file: settings that the controller knows, and no others. */
import { parse } from 'yaml';
import { isObject } from '../../base/read.ts';
import { isKnownConfigKey } from '../../desired/config.ts';
import { CONFIG_FILE } from '../../desired/config-map.ts';
import { type Hide, hidden, outline, type Reader } from './allow-list.ts';

/** Keys that the controller knows are settings and shown; of any other key only the outline of its value is. */
const configFile: Reader = (text, hide) => {
  if (typeof text !== 'string') return undefined;
  try {
    const content: unknown = parse(text);
    return isObject(content) ? knownSettings(content, hide, '') : hidden(text, hide);
  } catch {
    return hidden(text, hide);
  }
};

function knownSettings(content: Readonly<Record<string, unknown>>, hide: Hide, path: string) {
  const read = Object.entries(content).map(([key, value]): [string, unknown] => {
    const here = `${path}${key}`;
    if (isObject(value) && path === '' && isKnownConfigKey(here)) {
      return [key, knownSettings(value, hide, `${here}.`)];
    }
    const known = isKnownConfigKey(here) || here.startsWith('leader_election.');
    return [key, known && !isObject(value) && !Array.isArray(value) ? value : outline(value, hide)];
  });
  return Object.fromEntries(read);
}

/** Of a ConfigMap that file; everything else in it is hidden. */
export const configMapData: Reader = (data, hide) =>
  isObject(data)
    ? Object.fromEntries(
        Object.entries(data).map(([key, value]) => [
          key,
          (key === CONFIG_FILE ? configFile : hidden)(value, hide),
        ]),
      )
    : undefined;
