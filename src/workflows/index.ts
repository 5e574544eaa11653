export { syncUsers } from './sync-users.ts';
