// A testbed's link to the machine: a veth pair with a /30 of its own, from 10.201.0.0/16.
import { run } from './run.ts';

/** The two addresses of a pair. */
export interface Addresses {
  readonly hostAddress: string;
  readonly address: string;
}

interface Link {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string }[];
}

/**
 * Makes the pair: one end here under the id, the other as eth0 in the network namespace of the process.
 * The caller holds the lock of all testbeds, so that no two choose the same addresses.
 */
export async function connect(id: string, pid: number): Promise<Addresses> {
  const addresses = await freeAddresses();
  await run('ip', [
    'link',
    'add',
    id,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    String(pid),
  ]);
  await run('ip', ['address', 'add', `${addresses.hostAddress}/30`, 'dev', id]);
  await run('ip', ['link', 'set', id, 'up']);
  return addresses;
}

/** Removes this machine's end, and with it the other, if it is there. */
export async function disconnect(id: string): Promise<void> {
  const links: readonly Link[] = JSON.parse(await run('ip', ['-json', 'address']));
  if (links.some((link) => link.ifname === id)) {
    await run('ip', ['link', 'delete', id]).catch((error: unknown) => {
      // The kernel removes the pair by itself when the namespace ends, which may be between our two calls.
      if (!String(error).includes('Cannot find device')) throw error;
    });
  }
}

async function freeAddresses(): Promise<Addresses> {
  const links: readonly Link[] = JSON.parse(await run('ip', ['-json', '-4', 'address']));
  const taken = new Set(links.flatMap((link) => link.addr_info.map((info) => info.local)));
  for (let block = 0; block < 64 * 256; block++) {
    const network = `10.201.${block >> 6}.`;
    const base = (block & 63) * 4;
    const hostAddress = `${network}${base + 1}`;
    if (!taken.has(hostAddress)) return { hostAddress, address: `${network}${base + 2}` };
  }
  throw new Error(
    'Cannot find a free /30 in 10.201.0.0/16: remove links named ihtb… that nobody uses.',
  );
}
