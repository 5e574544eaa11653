export {
  createGoogleDirectory,
  DIRECTORY_PAGE_SIZE,
  type DirectoryPage,
  type DirectoryUser,
  type GoogleDirectory,
} from './directory.ts';
export {
  type GooglePace,
  type GoogleUrgency,
  inTurn,
  isQuotaRefusal,
  type PermitGrant,
  type PermitRequest,
  UNPACED,
} from './pace.ts';
export { LARGE_PHOTOS_AT_ONCE, type LargePhoto } from './people-photos.ts';
export { createGooglePhotos, type GooglePhotos } from './photos.ts';
