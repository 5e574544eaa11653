import type { ApiCall, ApiResult } from '../api/api-call.ts';
import { notFound } from '../api/api-error.ts';
import type { Answer, Request } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { thumbnailSide } from './picture.ts';
import { pictureBytes } from './picture-kinds.ts';
import { photoEtagOf } from './user-resource.ts';
import { personAsked } from './users-get.ts';

/**
 * users.photos.get. As in the field, `mimeType` cannot be trusted (one in four says JPEG about a PNG), and the padding of
 * the web-safe base64 is written `=`, `*` or left out.
 */
export function getPhoto(call: ApiCall): ApiResult {
  const person = personAsked(call);
  if (person.photoSeed === undefined) throw notFound('photo');
  const variant = Number(person.id.slice(-2));
  const padding = ['=', '*', ''][variant % 3] ?? '';
  const base64 = pictureBytes(person.photoKind, person.photoSeed, thumbnailSide)
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return {
    value: {
      kind: 'admin#directory#user#photo',
      id: person.id,
      etag: photoEtagOf(person),
      primaryEmail: person.primaryEmail,
      mimeType: variant % 4 === 0 ? 'image/jpeg' : 'image/png',
      width: thumbnailSide,
      height: thumbnailSide,
      photoData: base64.replaceAll('=', padding),
    },
  };
}

/**
 * The pictures behind `thumbnailPhotoUrl` and the People API, as on Google's image hosts: no authentication, and one that
 * is sent along is a violation. The side is told by `=s96-c` or, as the People API describes it, by `sz`.
 */
export function answerPicture(world: World, request: Request): Answer | undefined {
  const [, id = '', seed, side] = /^\/a-\/(\d+)-(\d+)(?:=s(\d+)(?:-c)?)?$/.exec(request.path) ?? [];
  const person = world.person(id);
  if (person?.photoSeed === undefined || String(person.photoSeed) !== seed) return undefined;
  if (request.headers.authorization) world.violate('request', request, 'image hosts are not told any token');
  const asked = Number(request.query.get('sz') ?? side ?? thumbnailSide);
  return {
    status: 200,
    headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400, no-transform' },
    body: pictureBytes(person.photoKind, person.photoSeed, Math.min(Math.max(asked, 16), 1_024)),
  };
}
