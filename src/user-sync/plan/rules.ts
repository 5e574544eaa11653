import { createHash } from 'node:crypto';
import type { SyncSettings } from '../settings/settings-types.ts';
import type { DecisionRules } from './decide.ts';
import { createScopeRule } from './scope.ts';

/** What the settings mean for the decision about one person. */
export const decisionRulesOf = ({ scope, leavers, linkByEmail }: SyncSettings, now: Date): DecisionRules => ({
  isInScope: createScopeRule(scope),
  leavers,
  linkByEmail,
  nowMs: now.getTime(),
});

/** Changes when people may be judged otherwise than before. */
export const fingerprintOf = ({ scope, leavers, linkByEmail }: SyncSettings): string =>
  createHash('sha256').update(JSON.stringify({ scope, leavers, linkByEmail })).digest('base64url').slice(0, 12);
