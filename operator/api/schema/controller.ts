/** `spec.controller`: which controller runs, from which images, and with which configuration. */
import { defined } from '../../base/defined.ts';
import { DURATION_MAX_LENGTH } from '../duration.ts';
import { durationRules } from '../rules/durations.ts';
import {
  CONTROLLER_NAME_RULES,
  CONTROLLER_RULES,
  DIGEST_RULES,
  ENV_RULES,
  REPOSITORY_RULES,
  TAG_RULES,
  VERSION_RULES,
} from '../rules/formats.ts';
import { immutable, type Rule } from '../rules/rule.ts';
import { boolean, choice, defaulted, mapList, object, type Schema, text } from './build.ts';
import { freeForm } from './free-form.ts';
import { containerSecurity, envVariable, resources, volumeMount } from './pod/container.ts';
import { described } from './pod/shape.ts';
import { volume } from './pod/volume.ts';

/** A duration field. Its name stands in its messages; `atLeast` is its lower bound. */
export function duration(
  name: string,
  description: string,
  { fallback, atLeast }: { readonly fallback?: string; readonly atLeast?: string } = {},
): Schema {
  const rules: readonly Rule[] = durationRules(name, atLeast);
  const extra = { maxLength: DURATION_MAX_LENGTH, rules, ...defined({ default: fallback }) };
  return text(description, extra);
}

const imageSpec = defaulted(
  object(
    'ImageSpec',
    'Image of the container. What is left out comes from the version catalogue.',
    {
      properties: {
        repository: text(
          "Name of the image without tag and digest, for example apache/apisix-ingress-controller. Without it, the vendor's image.",
          { maxLength: 255, rules: REPOSITORY_RULES },
        ),
        tag: text('Tag of the image. Without it, the tag that belongs to `version`.', {
          maxLength: 128,
          rules: TAG_RULES,
        }),
        digest: text(
          'Digest of the image, sha256:… It pins the very bytes that run, and wins over the tag.',
          { maxLength: 71, rules: DIGEST_RULES },
        ),
        pullPolicy: choice(
          'When the kubelet pulls the image.',
          ['Always', 'IfNotPresent', 'Never'],
          'IfNotPresent',
        ),
      },
    },
  ),
);

const envItem = described('One variable, as in a Pod.', {
  ...envVariable,
  properties: {
    ...envVariable.properties,
    name: text('Name of the variable.', { minLength: 1, maxLength: 253 }),
  },
  required: ['name'],
});

const volumeMountItem = described('One mount, as in a Pod.', {
  ...volumeMount,
  properties: {
    ...volumeMount.properties,
    mountPath: text('Where the volume appears in the container.', {
      minLength: 1,
      maxLength: 1024,
    }),
    name: text('Name of the volume.', { minLength: 1, maxLength: 63 }),
  },
  required: ['mountPath', 'name'],
});

const volumeItem = described('One volume, as in a Pod.', {
  ...volume,
  properties: {
    ...volume.properties,
    name: text('Name of the volume.', { minLength: 1, maxLength: 63 }),
  },
  required: ['name'],
});

function container(description: string): Schema {
  return defaulted(
    object('ContainerSpec', description, {
      properties: {
        image: imageSpec,
        logLevel: choice(
          'How much the container logs.',
          ['debug', 'info', 'warn', 'error'],
          'info',
        ),
        resources: described('Requests and limits of the container, as in a Pod.', resources),
        securityContext: described(
          'Security context of the container, as in a Pod. Its fields are laid over the default ones. Nothing that the restricted Pod Security profile forbids, unless the installer allows pod template patches.',
          containerSecurity,
        ),
        env: mapList('Further environment variables. The installer may refuse them.', {
          keys: ['name'],
          maxItems: 100,
          items: envItem,
          rules: ENV_RULES,
        }),
        volumeMounts: mapList('Further volume mounts. The installer may refuse them.', {
          keys: ['mountPath'],
          maxItems: 50,
          items: volumeMountItem,
        }),
      },
    }),
  );
}

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
      manager: container('The container that leads, or waits to lead.'),
      adc: container(
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
