/**
 * Why credentials cannot be used, as the end of a sentence. The messages of JavaScript's own errors are not used: they
 * name no file, and may quote what was read, which may be a token.
 */
import { existsSync } from 'node:fs';
import { getSystemErrorMessage } from 'node:util';
import { KubeError } from '../../base/failure.ts';

/** Of anything thrown while a kubeconfig or a service account was read. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isOfSystem(error)) return systemProblem(error);
  // Only plain errors were written for people: by us, by the library, or by an exec plugin.
  if (error.name === 'Error') return error.message;
  return 'it is no kubeconfig; kubectl config view may tell where it is wrong';
}

/** Of anything thrown while an exec plugin was asked; without the error itself, which may quote a token. */
export function pluginProblem(command: string, error: unknown): Error {
  const plugin = `the exec plugin "${command}"`;
  if (!(error instanceof Error)) return new Error(`${plugin} failed`);
  if (isOfSystem(error)) {
    const started = error.syscall?.startsWith('spawn') !== true;
    return started ? error : new Error(`${plugin} cannot be started: ${messageOf(error)}`);
  }
  if (error.name !== 'Error') return new Error(`${plugin} printed no ExecCredential`);
  const said = error.message.trim();
  return new Error(said === '' ? `${plugin} ended without a word` : `${plugin} failed: ${said}`);
}

type SystemError = NodeJS.ErrnoException & { readonly errno: number };

function isOfSystem(error: Error): error is SystemError {
  return 'errno' in error && typeof error.errno === 'number';
}

function systemProblem(error: SystemError): string {
  const file = error.path ?? 'it'; // a folder is opened first, and then the error tells no path
  switch (error.code) {
    case 'ENOENT':
      return `${file} is not there`;
    case 'EISDIR':
      return `${file} is a folder`;
    default:
      return `${file} cannot be read: ${messageOf(error)}`;
  }
}

function messageOf({ errno }: SystemError): string {
  return getSystemErrorMessage(errno);
}

/** The failure of whatever was thrown, with the files concerned; without the error itself, which may quote a secret. */
export function unreadable(
  source: object & { readonly files?: readonly string[] },
  error: unknown,
): KubeError {
  if (error instanceof KubeError) return error;
  const files = existing(source.files ?? []);
  const what =
    files.length === 0
      ? 'Cannot read the credentials of the API server'
      : `Cannot use kubeconfig ${files.join(', ')}`;
  return new KubeError({ kind: 'unauthorized', message: `${what}: ${problemOf(error)}` });
}

/** Those of the files that are there. */
export function existing(files: readonly string[]): readonly string[] {
  return files.filter((file) => existsSync(file));
}
