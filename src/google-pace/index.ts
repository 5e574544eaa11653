export { createGooglePace, type GooglePaceDependencies } from './google-pace.ts';
