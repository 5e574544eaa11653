export { applyRemovals } from './apply-removals.ts';
export { authorizeIntegration } from './authorize-integration.ts';
export { keepPushChannels } from './keep-push-channels.ts';
export { keepTokenFresh } from './keep-token-fresh.ts';
export { syncTick } from './sync-tick.ts';
export { syncUsers } from './sync-users.ts';
