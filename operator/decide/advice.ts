/** Advice that keeps nothing from running: what the settings alone tell, and what neighbours do. */
import type { Ha } from '../api/ha.ts';
import type { Advice } from '../api/status.ts';
import { findAdvice } from '../desired/check.ts';
import type { InstallerPolicy } from '../desired/installer.ts';
import type { Present } from './observation.ts';

export function adviceFor(
  ha: Ha,
  { sameController, failover }: Pick<Present, 'sameController' | 'failover'>,
  policy: InstallerPolicy,
): readonly Advice[] {
  return [...findAdvice(ha, policy), ...sharedName(ha, sameController), ...flapping(failover)];
}

function flapping(failover: Present['failover']): readonly Advice[] {
  if (!failover.flapping) return [];
  return [
    {
      reason: 'LeaderFlapping',
      message:
        'Leaders lost their Lease more than 3 times in 10 minutes while their process ran: the API server answers too slowly for these settings, or the controller lacks a right that it needs only once it leads (look for "forbidden" in its log)',
    },
  ];
}

function sharedName(ha: Ha, sameController: readonly string[]): readonly Advice[] {
  if (sameController.length === 0) return [];
  const others = sameController.map((key) => `"${key}"`).join(', ');
  return [
    {
      reason: 'ControllerNameShared',
      message: `\`controllerName\` "${ha.controller.config.controllerName}" is also used by ${others}: two leaders would configure the same classes`,
    },
  ];
}
