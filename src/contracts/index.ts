export * from './authorize-integration.ts';
export * from './ids.ts';
export * from './keep-push-channels.ts';
export * from './keep-token-fresh.ts';
export * from './search-attributes.ts';
export * from './sync-tick.ts';
export * from './sync-users.ts';
export * from './task-queues.ts';
