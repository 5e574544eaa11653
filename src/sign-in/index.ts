export { createGuessLimit, DEFAULT_GUESS_LIMITS, type GuessLimit, type GuessLimits } from './guess-limit.ts';
export { createPasswordSignIn, type PasswordSignIn, passwordSignInSchema } from './password-sign-in.ts';
export {
  createPortalSessions,
  DEFAULT_SESSION_LIMITS,
  type PortalSessions,
  type PortalSessionView,
  type SessionLimits,
} from './portal-sessions.ts';
