import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from '../environment.ts';

export interface SecurityHeadersOptions {
  readonly publicUrl: string;
  readonly formTargets: readonly string[];
}

/**
 * Nothing runs, loads or frames but our own files. Browsers apply `form-action` to the redirects after a form as well,
 * so the consent page that a form ends up at is named here.
 */
export const securityHeaders = ({ publicUrl, formTargets }: SecurityHeadersOptions): MiddlewareHandler<AppEnv> =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      // The style sheet draws its check marks and arrows with data: images.
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      formAction: ["'self'", ...formTargets],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
    // A page or a picture may say something narrower of its own.
    overwrite: false,
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  });

/** Answers hold tenants' data unless a route says otherwise, so nothing on the way may keep them. */
export const noStore: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
};
