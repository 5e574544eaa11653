import { GOOGLE_IMAGES } from '../config.ts';

const isGoogleHost = ({ protocol, hostname, port, username, password }: URL): boolean =>
  protocol === 'https:' &&
  hostname.endsWith('.googleusercontent.com') &&
  port === '' &&
  username === '' &&
  password === '';

/**
 * Whether a picture may be fetched from there: https and a host of googleusercontent.com, nothing else, whatever an
 * answer of Google names. With another origin in the configuration, that origin alone.
 */
export const createImageHostRule =
  (images: string): ((url: URL) => boolean) =>
  (url) =>
    images === GOOGLE_IMAGES ? isGoogleHost(url) : url.origin === images && url.username === '' && url.password === '';
