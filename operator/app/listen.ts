/** The two ends of a server's life: it listens once, and it closes with every connection that is open. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where to listen. */
export interface ListenTarget {
  /** Absent: all addresses. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Connections that the kernel keeps until they are taken. Default: Node's, 511. */
  readonly backlog?: number;
}

/** Resolves with the bound address. Rejects with the system's error (`EADDRINUSE`, `EACCES`, …) if it cannot be had. */
export function listen(server: Server, target: ListenTarget): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(target, () => {
      const bound = server.address();
      // Text of a pipe, null of a closed server: neither is one that listens on a port.
      if (bound === null || typeof bound === 'string') reject(new Error('It has no port'));
      else resolve(bound);
    });
  });
}

/** Closes the port, then every connection, idle or not. Resolves when nothing is open; never rejects. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
