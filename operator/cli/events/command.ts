/** `ingress-ha events`: what happened to resources, by the events that the operator has written. Only reads. */

import type { Command } from 'commander';
import type { Surroundings } from '../connection.ts';
import { addAllNamespacesFlag, addConnectionFlags, addNamespaceFlag } from '../connection-flags.ts';
import { nameArgument } from '../flag-values.ts';
import type { CommandIo } from '../io.ts';
import { addEnding } from '../usage.ts';
import { addOutputFlag } from '../view/output.ts';
import { withConnection } from '../with-connection.ts';
import type { EventsFlags, EventsRequest } from './request.ts';

/** Adds `events`. */
export function registerEvents(program: Command, io: CommandIo, surroundings: Surroundings): void {
  const events = program
    .command('events')
    .description(
      'List what happened to resources, oldest first. The API server keeps events for an hour, unless it is told otherwise.',
    )
    .addArgument(nameArgument('[name]'));
  addOutputFlag(events, ['json', 'yaml']);
  events.option('-w, --watch', 'go on and print new ones; ends by Ctrl-C');
  addAllNamespacesFlag(events);
  addNamespaceFlag(events);
  addConnectionFlags(events);
  addEnding(events, {
    exitCodes:
      '0 done, even if there are none, 1 failed: no cluster, no such resource, no right to list, 2 wrong usage',
    rights:
      'list on events, with --watch also watch; without any event get on the one ingresscontrollerhas.ingressha.dev, to tell whether it is there',
  });
  events.action(async (name: string | undefined, flags: EventsFlags) => {
    if (name !== undefined && flags.allNamespaces) {
      events.error('error: a resource is looked for in one namespace: leave out its name or -A');
    }
    io.finish(await eventsOf(name, { flags, io, surroundings }));
  });
}

function eventsOf(
  name: string | undefined,
  request: Pick<EventsRequest, 'flags' | 'io' | 'surroundings'>,
): Promise<0 | 1> {
  return withConnection<0 | 1>(
    request,
    async (connected) => {
      const { showEvents } = await import('./show.ts');
      return showEvents({ ...request, ...connected, name });
    },
    { exitCode: 1 },
  );
}
