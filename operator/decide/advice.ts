/** Advice that keeps nothing from running: what the settings alone tell, and what neighbours do. */
import type { Ha } from '../api/ha.ts';
import type { Advice } from '../api/status.ts';
import { findAdvice } from '../desired/check.ts';

export function adviceFor(ha: Ha, sameController: readonly string[]): readonly Advice[] {
  return [...findAdvice(ha), ...sharedName(ha, sameController)];
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
