export type { GoogleChannels } from './channels.ts';
export {
  createGoogleDirectory,
  DIRECTORY_PAGE_SIZE,
  type DirectoryPage,
  type DirectoryUser,
  type GoogleDirectory,
} from './directory.ts';
export {
  type FoundGroup,
  type FoundOrgUnit,
  type FoundPerson,
  type GoogleDirectorySearch,
  MOST_HITS,
} from './directory-search.ts';
export type { GoogleGroups, MemberPage } from './groups.ts';
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
