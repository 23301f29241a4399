/** config.yaml: what is written is what the controller reads, whatever the user put in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { controllerConfig, goDuration } from '../../operator/desired/config.ts';
import { configMap, lazyConfig, renderConfig } from '../../operator/desired/config-map.ts';
import { anHa } from '../support/an-ha.ts';
import { overrides, wellFormed, withOverrides } from '../support/config-overrides.ts';

test('reads back as the settings, whatever the overrides hold', () => {
  fc.assert(
    fc.property(overrides, (configOverrides) => {
      const ha = withOverrides(configOverrides);

      const read: unknown = parse(expandTemplate(renderConfig(ha).text), {
        version: '1.1',
        merge: false,
      });

      assert.deepEqual(read, wellFormed(controllerConfig(ha)));
    }),
    { numRuns: 200 },
  );
});

test('has nothing that the template engine would take for an action', () => {
  fc.assert(
    fc.property(overrides, (configOverrides) => {
      assert.doesNotMatch(renderConfig(withOverrides(configOverrides)).text, /\{\{/);
    }),
    { numRuns: 200 },
  );
});

test('has no character that the YAML parser of the controller refuses', () => {
  const refused = /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd]/;
  fc.assert(
    fc.property(overrides, (configOverrides) => {
      assert.doesNotMatch(renderConfig(withOverrides(configOverrides)).text, refused);
    }),
    { numRuns: 200 },
  );
});

test('names the ConfigMap by its content', () => {
  const ha = anHa();
  const other = anHa({ controller: { manager: { logLevel: 'debug' } } });

  assert.equal(configMap(ha, renderConfig(ha)).metadata.name, renderConfig(ha).name);
  assert.match(renderConfig(ha).name, /^apisix-icha-[0-9a-f]{10}$/);
  assert.notEqual(renderConfig(ha).name, renderConfig(other).name);
  assert.equal(renderConfig(ha).name, renderConfig(anHa({ replicas: 7, uid: 'another' })).name);
});

test('renders once what is asked for several times', () => {
  let reads = 0;
  const { controller, ...rest } = anHa();
  const config = lazyConfig({
    ...rest,
    get controller() {
      reads += 1;
      return controller;
    },
  });
  assert.equal(reads, 0);

  const first = config();
  const readsOfOne = reads;

  assert.equal(config(), first);
  assert.equal(reads, readsOfOne);
  assert.deepEqual(first, renderConfig(anHa()));
});

test('makes the ConfigMap immutable', () => {
  const ha = anHa();

  assert.equal(configMap(ha, renderConfig(ha)).immutable, true);
});

test('writes durations as Go reads them', () => {
  assert.deepEqual([0, 1_000, 90_000, 1_500].map(goDuration), ['0s', '1s', '90s', '1500ms']);
});

test('merges maps of overrides and replaces everything else', () => {
  const config = controllerConfig(withOverrides({ webhook: { port: 9444 }, enable_server: true }));

  assert.deepEqual(config.webhook, { enable: false, port: 9444 });
  assert.equal(config.enable_server, true);
});

/** Go's text/template on a text without actions: the text. Anything else fails, as it would there. */
function expandTemplate(text: string): string {
  assert.ok(!text.includes('{{'));
  return text;
}
