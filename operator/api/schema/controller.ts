/** `spec.controller`: which controller runs, from which images, and with which configuration. */
import { CONTROLLER_NAME_RULES, CONTROLLER_RULES, VERSION_RULES } from '../rules/formats.ts';
import { immutable } from '../rules/rule.ts';
import { boolean, choice, defaulted, mapList, object, type Schema, text } from './build.ts';
import { containerSpec } from './container.ts';
import { duration } from './duration.ts';
import { freeForm } from './free-form.ts';
import { described } from './pod/shape.ts';
import { volume } from './pod/volume.ts';

const volumeItem = described('One volume, as in a Pod.', {
  ...volume,
  properties: {
    ...volume.properties,
    name: text('Name of the volume.', { minLength: 1, maxLength: 63 }),
  },
  required: ['name'],
});

const provider = defaulted(
  object('ProviderSpec', 'How the controller talks to the gateway.', {
    properties: {
      type: choice(
        'Kind of gateway. Without it, APISIX for the distribution APISIX and API7EE for API7.',
        ['APISIX', 'APISIXStandalone', 'API7EE'],
      ),
      syncPeriod: duration(
        'syncPeriod',
        'Pause between full synchronisations. Without it, 1m for APISIX and APISIXStandalone and 1h for API7EE, where 0s turns them off.',
      ),
      initSyncDelay: duration(
        'initSyncDelay',
        'A new leader synchronises once more this long after it took over, which repairs what the old leader may still have sent. 0s turns it off. Without it, `execADCTimeout` plus 15s.',
      ),
    },
  }),
);

const config = defaulted(
  object('ConfigSpec', 'Configuration of the controller, rendered into its config.yaml.', {
    properties: {
      controllerName: text(
        'Name by which GatewayClasses and IngressClasses choose this controller.',
        {
          maxLength: 253,
          default: 'apisix.apache.org/apisix-ingress-controller',
          rules: CONTROLLER_NAME_RULES,
        },
      ),
      provider,
      execADCTimeout: duration(
        'execADCTimeout',
        'How long the controller waits for one push to the gateway. Keep it below `leaseDuration`.',
        { fallback: '15s', atLeast: '1s' },
      ),
      gatewayAPI: choice(
        'Whether the controller serves the Gateway API beside Ingress.',
        ['Enabled', 'Disabled'],
        'Enabled',
      ),
      listenerPortMatchMode: choice(
        'Whether routes match the port of a Gateway listener. Auto answers 404 where the port of the Service differs from the one that the gateway listens on.',
        ['Auto', 'Explicit', 'Disabled'],
        'Disabled',
      ),
      secureMetrics: boolean(
        'Serve metrics over HTTPS, to callers that Kubernetes authenticates and authorises.',
        { default: false },
      ),
      http2: choice('HTTP/2 on the HTTPS metrics endpoint.', ['Enabled', 'Disabled'], 'Disabled'),
    },
  }),
);

const pullSecret = object('PullSecret', 'One Secret.', {
  properties: { name: text('Name of the Secret.', { minLength: 1, maxLength: 253 }) },
  required: ['name'],
});

/** `spec.controller`. */
export const controllerSchema: Schema = defaulted(
  object('ControllerSpec', 'The ingress controller that runs.', {
    rules: CONTROLLER_RULES,
    properties: {
      distribution: {
        ...choice(
          "Whose controller: that of Apache APISIX or that of API7. It can't change.",
          ['APISIX', 'API7'],
          'APISIX',
        ),
        rules: [immutable('distribution')],
      },
      version: text(
        'Release of the controller. It decides the images, the configuration keys and the checks. The default is stored when the resource is created and never moves by itself.',
        { maxLength: 47, default: '2.2.0', rules: VERSION_RULES },
      ),
      manager: containerSpec('The container that leads, or waits to lead.'),
      adc: containerSpec(
        'The sidecar that writes to the gateway. It has the same fields as `manager`.',
      ),
      imagePullSecrets: mapList('Secrets with the credentials for the images.', {
        keys: ['name'],
        maxItems: 20,
        items: pullSecret,
      }),
      volumes: mapList('Further volumes of the pods. The installer may refuse them.', {
        keys: ['name'],
        maxItems: 50,
        items: volumeItem,
      }),
      config,
      configOverrides: freeForm(
        "Merged last into config.yaml, under the controller's own key names. Keys that the operator owns are refused.",
        { widths: [32, 12, 6], maxLength: 1024 },
      ),
    },
  }),
);
