/** `spec.controller.manager` and `.adc`: what a user may set of one of the two containers. */
import { DIGEST_RULES, ENV_RULES, REPOSITORY_RULES, TAG_RULES } from '../rules/formats.ts';
import { choice, defaulted, mapList, object, type Schema, text } from './build.ts';
import { containerSecurity, envVariable, resources, volumeMount } from './pod/container.ts';
import { described } from './pod/shape.ts';

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

/** The fields of a container; `description` says which one it is. */
export function containerSpec(description: string): Schema {
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
