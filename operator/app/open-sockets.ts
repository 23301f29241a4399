/**
 * Bounds what strangers can hold open at a server without shutting out who has something to ask: a
 * new connection is always taken, and when there are too many one of those goes that have not said yet
 * what they want. It is the oldest one of the address that has the most of them, so whoever floods the
 * port pays for it, and a kubelet, which asks as soon as it is connected, does not.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Each at least 1. They are per server, whoever connects. */
export interface SocketLimits {
  /** Connections at the same time, whatever they do. */
  readonly open: number;
  /** Answers at the same time that nobody has read to the end; their bodies are in memory. */
  readonly answering: number;
}

/** Call it before the server listens. It does nothing for as long as no limit is reached. */
export function limitSockets(server: Server, limits: SocketLimits): void {
  /** Whose request is not complete yet, the oldest first, by address. */
  const asking = new Map<string, Set<Socket>>();
  const answering = new Set<Socket>();
  let open = 0;

  function noLongerAsks(address: string, socket: Socket): void {
    const sockets = asking.get(address);
    sockets?.delete(socket);
    if (sockets?.size === 0) asking.delete(address);
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    open += 1;
    if (open > limits.open) give(oldestOfMost(asking) ?? first(answering));
    asking.set(address, (asking.get(address) ?? new Set()).add(socket));
    socket.once('close', () => {
      open -= 1;
      noLongerAsks(address, socket);
      answering.delete(socket);
    });
  });

  server.on('request', ({ socket }) => {
    noLongerAsks(socket.remoteAddress ?? '', socket);
    if (socket.destroyed) return;
    answering.add(socket);
    if (answering.size > limits.answering) give(first(answering));
  });
}

/** A reset leaves nothing behind in the kernel, where a close would wait for the other side. */
function give(socket: Socket | undefined): void {
  socket?.resetAndDestroy();
}

function oldestOfMost(asking: ReadonlyMap<string, ReadonlySet<Socket>>): Socket | undefined {
  let most: ReadonlySet<Socket> | undefined;
  for (const sockets of asking.values()) {
    if (sockets.size > (most?.size ?? 0)) most = sockets;
  }
  return most === undefined ? undefined : first(most);
}

function first(sockets: ReadonlySet<Socket>): Socket | undefined {
  const [oldest] = sockets;
  return oldest;
}
