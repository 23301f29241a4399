/**
 * An API server over HTTP, reduced to objects in a map: lists, watches, versions and preconditions. An apply
 * lays the given fields over what is there. Requests can be kept without an answer.
 */
import type { KubeObject } from '../../operator/base/kube-object.ts';
import { merged } from './merge.ts';
import {
  type Answer,
  json,
  type ScriptedServer,
  type SeenRequest,
  startScriptedServer,
  status,
} from './scripted-server.ts';

export interface FakeApiServer {
  readonly url: string;
  /** `GET /api/v1/namespaces/prod/pods?watch`, oldest first. */
  readonly calls: readonly string[];
  /** The stored object at this path, such as `/apis/apps/v1/namespaces/prod/deployments/edge`. */
  object(path: string): KubeObject | undefined;
  /** Puts an object there as somebody else would, and tells all who watch. */
  put(path: string, object: KubeObject): void;
  /** From now on calls that match get no answer. Undefined: all are answered again, those that wait for it included. */
  keepWaiting(calls: RegExp | undefined): void;
  /** How many connections are open. */
  openConnections(): number;
  close(): Promise<void>;
}

/** `/api/v1` or `/apis/<group>/<version>`, and where in it. */
const PATH =
  /^(?<collection>\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/[^/]+)?\/[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;

interface Watcher {
  readonly collection: string;
  readonly tell: (type: string, object: KubeObject) => void;
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const server: ScriptedServer = await startScriptedServer();
  const objects = new Map<string, KubeObject>();
  const watchers = new Set<Watcher>();
  const calls: string[] = [];
  let unanswered: RegExp | undefined;
  const waiting: (() => void)[] = [];
  let version = 1;

  function store(path: string, object: KubeObject): KubeObject {
    const before = objects.get(path);
    version += 1;
    const metadata = {
      generation: 1,
      ...object.metadata,
      uid: before?.metadata.uid ?? `uid-${version}`,
      resourceVersion: String(version),
    };
    const stored = { ...object, metadata };
    objects.set(path, stored);
    const collection = path.slice(0, path.lastIndexOf('/'));
    for (const watcher of watchers) {
      if (watcher.collection === collection) {
        watcher.tell(before === undefined ? 'ADDED' : 'MODIFIED', stored);
      }
    }
    return stored;
  }

  function watch(collection: string): Answer {
    return (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const watcher: Watcher = {
        collection,
        tell: (type, object) => void response.write(`${JSON.stringify({ type, object })}\n`),
      };
      watchers.add(watcher);
      response.on('close', () => watchers.delete(watcher));
    };
  }

  function list(collection: string): Answer {
    const items = [...objects].flatMap(([path, object]) =>
      path.startsWith(`${collection}/`) ? [object] : [],
    );
    return json({ metadata: { resourceVersion: String(version) }, items });
  }

  function write(path: string, { method, query, body }: SeenRequest): Answer {
    const before = objects.get(path);
    const object: KubeObject = JSON.parse(body);
    if (method === 'PUT') {
      if (before === undefined) return status(404, 'NotFound', 'not found');
      if (before.metadata.resourceVersion !== object.metadata.resourceVersion) {
        return status(409, 'Conflict', 'changed meanwhile');
      }
    }
    const next = method === 'PATCH' ? (merged(before ?? {}, object) as KubeObject) : object;
    return json(query.dryRun === undefined ? store(path, next) : next);
  }

  function answerTo(request: SeenRequest): Answer {
    const { method, query } = request;
    const { collection = '', name } = PATH.exec(request.path)?.groups ?? {};
    const path = `${collection}/${name}`;
    switch (method) {
      case 'GET': {
        if (name === undefined) return query.watch ? watch(collection) : list(collection);
        const found = objects.get(path);
        return found === undefined ? status(404, 'NotFound', 'not found') : json(found);
      }
      case 'POST': {
        const { metadata } = JSON.parse(request.body) as KubeObject;
        const created = `${collection}/${metadata.name}`;
        if (objects.has(created)) return status(409, 'AlreadyExists', 'there is one');
        return write(created, request);
      }
      case 'PUT':
      case 'PATCH':
        return write(path, request);
      default:
        return status(405, 'MethodNotAllowed', method);
    }
  }

  server.otherwise((response, request) => {
    const call = `${request.method} ${request.path}${request.query.watch ? '?watch' : ''}`;
    calls.push(call);
    const answer = () => response.destroyed || answerTo(request)(response, request);
    if (unanswered?.test(call)) waiting.push(answer);
    else answer();
  });

  return {
    url: server.url,
    calls,
    object: (path) => objects.get(path),
    put: (path, object) => void store(path, object),
    keepWaiting(some) {
      unanswered = some;
      if (some === undefined) for (const answer of waiting.splice(0)) answer();
    },
    openConnections: server.openConnections,
    close: server.close,
  };
}
