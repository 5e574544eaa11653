import type { ApiCall, ApiResult } from '../api/api-call.ts';
import { notFound } from '../api/api-error.ts';
import type { Answer } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { drawPicture, pictureSize } from './picture.ts';
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
  const base64 = drawPicture(person.photoSeed).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return {
    value: {
      kind: 'admin#directory#user#photo',
      id: person.id,
      etag: photoEtagOf(person),
      primaryEmail: person.primaryEmail,
      mimeType: variant % 4 === 0 ? 'image/jpeg' : 'image/png',
      width: pictureSize,
      height: pictureSize,
      photoData: base64.replaceAll('=', padding),
    },
  };
}

/** The picture behind `thumbnailPhotoUrl`: no authentication, as on Google's image hosts. */
export function answerPicture(world: World, path: string): Answer | undefined {
  const [, id = '', seed] = /^\/a-\/(\d+)-(\d+)(?:=s\d+(?:-c)?)?$/.exec(path) ?? [];
  const person = world.person(id);
  if (person?.photoSeed === undefined || String(person.photoSeed) !== seed) return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400, no-transform' },
    body: drawPicture(person.photoSeed),
  };
}
