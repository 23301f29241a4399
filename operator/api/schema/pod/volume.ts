/** Every kind of volume that Kubernetes knows: one that is missing here would be dropped silently. */
import type { Schema } from '../build.ts';
import { fieldReference, localReference, resourceFieldReference } from './container.ts';
import { atMost, listOf, mapOf, quantity, shape, words } from './shape.ts';

/** Files that one volume, or one source of a projected volume, picks by name. */
const MAX_FILES = 20;
/** Files about the pod itself: there are not more fields. */
const MAX_POD_FILES = 8;
const MAX_SOURCES = 5;
/** Longest path that Linux takes. */
const path = words(4096);

const secretRef = localReference;
/** Of claims and of trust bundles, which are few. */
const fewLabels = shape('', {
  matchLabels: mapOf(5, words(63)),
  matchExpressions: listOf(2, shape('key operator', { values: listOf(5, words(63)) })),
});
const keys = listOf(MAX_FILES, shape('key mode# user#', { path }));
const downward = listOf(
  MAX_POD_FILES,
  shape('mode# user#', {
    path,
    fieldRef: fieldReference,
    resourceFieldRef: resourceFieldReference,
  }),
);

const projected = shape('defaultMode# defaultUser#', {
  sources: listOf(
    MAX_SOURCES,
    atMost(
      1,
      shape('', {
        configMap: shape('name optional?', { items: keys }),
        secret: shape('name optional?', { items: keys }),
        downwardAPI: shape('', { items: downward }),
        serviceAccountToken: shape('audience expirationSeconds# user#', { path }),
        clusterTrustBundle: shape('name optional? signerName user#', {
          path,
          labelSelector: fewLabels,
        }),
        podCertificate: shape(
          'certificateChainPath credentialBundlePath keyPath keyType maxExpirationSeconds# signerName user#',
          { userAnnotations: mapOf(MAX_FILES, words()) },
        ),
      }),
    ),
  ),
});

const claim = shape('storageClassName volumeAttributesClassName volumeMode volumeName', {
  accessModes: listOf(10),
  dataSource: shape('apiGroup kind name'),
  dataSourceRef: shape('apiGroup kind name namespace'),
  resources: shape('', { limits: mapOf(10, quantity), requests: mapOf(10, quantity) }),
  selector: fewLabels,
});

const ephemeral = shape('', {
  volumeClaimTemplate: shape('', {
    metadata: shape('', { labels: mapOf(32, words(63)), annotations: mapOf(32, words()) }),
    spec: claim,
  }),
});

/** Kinds that live outside of the cluster; most of them Kubernetes has handed over to CSI. */
const foreign: Readonly<Record<string, Schema>> = {
  awsElasticBlockStore: shape('fsType partition# readOnly? volumeID'),
  azureDisk: shape('cachingMode diskName diskURI fsType kind readOnly?'),
  azureFile: shape('readOnly? secretName shareName'),
  cephfs: shape('path readOnly? secretFile user', { monitors: listOf(20), secretRef }),
  cinder: shape('fsType readOnly? volumeID', { secretRef }),
  csi: shape('driver fsType readOnly?', {
    nodePublishSecretRef: localReference,
    volumeAttributes: mapOf(50, words()),
  }),
  fc: shape('fsType lun# readOnly?', { targetWWNs: listOf(20), wwids: listOf(20) }),
  flexVolume: shape('driver fsType readOnly?', { options: mapOf(50, words()), secretRef }),
  flocker: shape('datasetName datasetUUID'),
  gcePersistentDisk: shape('fsType partition# pdName readOnly?'),
  gitRepo: shape('directory repository revision'),
  glusterfs: shape('endpoints path readOnly?'),
  iscsi: shape(
    'chapAuthDiscovery? chapAuthSession? fsType initiatorName iqn iscsiInterface lun# readOnly? targetPortal',
    { portals: listOf(20), secretRef },
  ),
  nfs: shape('readOnly? server', { path }),
  photonPersistentDisk: shape('fsType pdID'),
  portworxVolume: shape('fsType readOnly? volumeID'),
  quobyte: shape('group readOnly? registry tenant user volume'),
  rbd: shape('fsType image keyring pool readOnly? user', { monitors: listOf(20), secretRef }),
  scaleIO: shape(
    'fsType gateway protectionDomain readOnly? sslEnabled? storageMode storagePool system volumeName',
    { secretRef },
  ),
  storageos: shape('fsType readOnly? volumeName volumeNamespace', { secretRef }),
  vsphereVolume: shape('fsType storagePolicyID storagePolicyName volumePath'),
};

/** One volume of a pod: its name, and one source. */
export const volume: Schema = atMost(
  2,
  shape('name', {
    configMap: shape('defaultMode# defaultUser# name optional?', { items: keys }),
    secret: shape('defaultMode# defaultUser# secretName optional?', { items: keys }),
    downwardAPI: shape('defaultMode# defaultUser#', { items: downward }),
    projected,
    emptyDir: shape('medium mode# sizeLimit='),
    ephemeral,
    persistentVolumeClaim: shape('claimName readOnly?'),
    hostPath: shape('type', { path }),
    image: shape('pullPolicy reference'),
    ...foreign,
  }),
);
