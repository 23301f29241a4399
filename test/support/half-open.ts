/** Strangers at a port: connections that begin a request and never end it. */
import { connect, type Socket } from 'node:net';

export interface Flood {
  /** Connections opened so far. */
  opened(): number;
  /** Ends every connection, and opens no more. */
  stop(): void;
}

export interface FloodOptions {
  readonly host: string;
  readonly port: number;
  /** Connections held at the same time; one that the server ends is opened anew at once. */
  readonly connections: number;
  /** Where they come from. Default: as the system chooses. */
  readonly localAddress?: string;
  /** Each sends one more byte of a header so often. Default: never. */
  readonly trickleEveryMs?: number;
}

/** Holds that many half-sent requests until it is stopped. */
export function startFlood(options: FloodOptions): Flood {
  const { connections, trickleEveryMs, localAddress, ...target } = options;
  const sockets = new Set<Socket>();
  let opened = 0;
  let stopped = false;

  function open(): void {
    if (stopped) return;
    const socket = connect({ ...target, ...(localAddress && { localAddress }) });
    sockets.add(socket);
    socket.on('connect', () => {
      opened += 1;
      socket.write('GET /healthz HTTP/1.1\r\nX-Slow: ');
    });
    socket.on('error', () => {}); // told by `close`
    socket.on('close', () => {
      sockets.delete(socket);
      setImmediate(open);
    });
    socket.resume();
  }

  for (let count = 0; count < connections; count += 1) open();
  const trickle = setInterval(
    () => {
      for (const socket of sockets) if (!socket.connecting) socket.write('x');
    },
    trickleEveryMs ?? 2 ** 31 - 1,
  );

  return {
    opened: () => opened,
    stop() {
      stopped = true;
      clearInterval(trickle);
      for (const socket of sockets) socket.destroy();
    },
  };
}
