// The certificates of a testbed, made with openssl: one authority, and what it signs.
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** Makes ca, apiserver, kubelet, kubelet-client (.crt and .key) and service-accounts.key in the folder. */
export async function makeCertificates(
  folder: string,
  hosts: { readonly apiServer: readonly string[]; readonly kubelet: readonly string[] },
): Promise<void> {
  await certificate(folder, 'ca', '/CN=testbed', ['basicConstraints=critical,CA:TRUE']);
  await Promise.all([
    certificate(folder, 'apiserver', '/CN=kube-apiserver', serving(hosts.apiServer)),
    certificate(folder, 'kubelet', '/CN=kubelet', serving(hosts.kubelet)),
    certificate(folder, 'kubelet-client', '/O=system:masters/CN=kube-apiserver-kubelet-client', [
      'extendedKeyUsage=clientAuth',
    ]),
    run('openssl', [...newKey, '-out', join(folder, 'service-accounts.key')]),
  ]);
}

/** In the old form of a key file, the only one that the API server also takes for a public key. */
const newKey = ['ecparam', '-name', 'prime256v1', '-genkey', '-noout'];

const serving = (hosts: readonly string[]): readonly string[] => [
  'extendedKeyUsage=serverAuth',
  `subjectAltName=${hosts.map((host) => `${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`).join(',')}`,
];

async function certificate(
  folder: string,
  name: string,
  subject: string,
  extensions: readonly string[],
): Promise<void> {
  const [key, crt] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const authority = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '365', '-subj', subject, '-keyout', key, '-out', crt],
    ...extensions.flatMap((extension) => ['-addext', extension]),
    ...(name === 'ca' ? [] : authority),
  ]);
  await chmod(key, 0o600);
}
