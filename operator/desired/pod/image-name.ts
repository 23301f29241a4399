/** Names of container images: which registry they are in, and when two names mean the same repository. */

/** The registry that a name without one means. */
const DEFAULT_REGISTRY = 'docker.io';

/** A repository's name with registry and all implied parts written out: for comparison only. */
export function fullRepository(repository: string): string {
  const { registry, path } = split(repository);
  const host = registry === 'index.docker.io' ? DEFAULT_REGISTRY : registry;
  const implied = host === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path;
  return `${host}/${implied}`;
}

/** The same repository in another registry: `ghcr.io/api7/adc` in `mirror:5000` is `mirror:5000/api7/adc`. */
export function inRegistry(repository: string, registry: string): string {
  const host = registry.replace(/\/+$/, '');
  return `${host}/${split(repository).path}`;
}

/** The repository in an image reference: without tag and digest. */
export function repositoryOf(reference: string): string {
  const [name = ''] = reference.split('@');
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

/** Docker's own rule: the first part is a registry if it has a dot or a port, or is "localhost". */
function split(repository: string): { readonly registry: string; readonly path: string } {
  const slash = repository.indexOf('/');
  const first = repository.slice(0, slash);
  const isRegistry = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isRegistry
    ? { registry: first, path: repository.slice(slash + 1) }
    : { registry: DEFAULT_REGISTRY, path: repository };
}
