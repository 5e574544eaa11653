import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

const picture = { schema: z.string().openapi({ format: 'binary' }) };
const headers = { ETag: { schema: { type: 'string' as const }, description: 'Changes with the picture.' } };

const getUserPhoto = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/users/{userId}/photo',
  operationId: 'getUserPhoto',
  tags: ['Users'],
  middleware: [requireActor('read')] as const,
  request: {
    params: tenantParams.extend({ userId: z.uuid().openapi({ param: { name: 'userId', in: 'path' } }) }),
    headers: z.object({ 'if-none-match': z.string().optional() }),
  },
  responses: {
    200: {
      description: 'The picture',
      headers,
      content: { 'image/jpeg': picture, 'image/png': picture, 'image/gif': picture, 'image/webp': picture },
    },
    304: { description: 'The picture that If-None-Match names is still the one', headers },
    ...problems(400),
  },
});

/** Whether an If-None-Match names this ETag: a list, or `*` for whatever there is. */
const isNamedBy = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(',').some((entry) => entry.trim() === '*' || entry.trim().replace(/^W\//, '') === etag);

/**
 * For a few minutes a browser shows a page of people without asking again; who is signed in is part of what it keeps.
 * The bytes come from outside, so nothing in them may ever run.
 */
const PHOTO_HEADERS = {
  'Cache-Control': 'private, max-age=300',
  Vary: 'Authorization, Cookie',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
};

/** Pictures of extension users, for web pages and apps. */
export const createUserPhotoRoutes = ({ people }: Pick<ApiDependencies, 'people'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(getUserPhoto, async (c) => {
    const ifNoneMatch = c.req.valid('header')['if-none-match'];
    const { hash, content } = await people.photo(c.get('actor'), {
      tenantId: c.get('tenantId'),
      userId: c.req.valid('param').userId,
      isKnown: (known) => isNamedBy(ifNoneMatch, `"${known}"`),
    });
    const shared = { ...PHOTO_HEADERS, ETag: `"${hash}"` };
    if (!content) return c.body(null, 304, shared);
    return c.body(new Uint8Array(content.bytes), 200, { ...shared, 'Content-Type': content.mime });
  });

  return routes;
};
