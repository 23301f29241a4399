/** config.yaml: what is written is what the controller reads, whatever the user put in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { controllerConfig, goDuration } from '../../operator/desired/config.ts';
import { configMap, configMapName, configText } from '../../operator/desired/config-map.ts';
import { anHa } from '../support/an-ha.ts';
import { overrides, wellFormed, withOverrides } from '../support/config-overrides.ts';

test('reads back as the settings, whatever the overrides hold', () => {
  fc.assert(
    fc.property(overrides, (configOverrides) => {
      const ha = withOverrides(configOverrides);

      const read: unknown = parse(expandTemplate(configText(ha)), { version: '1.1', merge: false });

      assert.deepEqual(read, wellFormed(controllerConfig(ha)));
    }),
    { numRuns: 200 },
  );
});

test('has nothing that the template engine would take for an action', () => {
  fc.assert(
    fc.property(overrides, (configOverrides) => {
      assert.doesNotMatch(configText(withOverrides(configOverrides)), /\{\{/);
    }),
    { numRuns: 200 },
  );
});

test('has no character that the YAML parser of the controller refuses', () => {
  const refused = /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd]/;
  fc.assert(
    fc.property(overrides, (configOverrides) => {
      assert.doesNotMatch(configText(withOverrides(configOverrides)), refused);
    }),
    { numRuns: 200 },
  );
});

test('names the ConfigMap by its content', () => {
  const ha = anHa();
  const other = anHa({ controller: { manager: { logLevel: 'debug' } } });

  assert.equal(configMap(ha).metadata.name, configMapName(ha));
  assert.match(configMapName(ha), /^apisix-icha-[0-9a-f]{10}$/);
  assert.notEqual(configMapName(ha), configMapName(other));
  assert.equal(configMapName(ha), configMapName(anHa({ replicas: 7, uid: 'another' })));
});

test('makes the ConfigMap immutable', () => {
  assert.equal(configMap(anHa()).immutable, true);
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
