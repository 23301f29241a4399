/**
 * Advice that keeps nothing from running: from the settings alone, and from what other resources and
 * leaders do.
 */
import type { Ha } from '../../api/ha.ts';
import type { Advice } from '../../api/status.ts';
import { findAdvice } from '../../desired/check/check.ts';
import type { InstallerPolicy } from '../../desired/installer.ts';
import type { Present } from '../observed/observation.ts';
import { moreText, type SharedName } from '../observed/shared-name.ts';

/** Empty when there is none. The first piece gives the reason of SettingsSound. */
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

/** A few by name and a count: a list of hundreds would be longer than the message of a condition may be. */
function sharedName(ha: Ha, { named, more }: SharedName): readonly Advice[] {
  if (named.length === 0) return [];
  const others = `${named.map((key) => `"${key}"`).join(', ')}${moreText(more)}`;
  return [
    {
      reason: 'ControllerNameShared',
      message: `\`controllerName\` "${ha.controller.config.controllerName}" is also used by ${others}: two leaders would configure the same classes`,
    },
  ];
}
