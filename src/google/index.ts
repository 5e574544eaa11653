export {
  createGoogleDirectory,
  DIRECTORY_PAGE_SIZE,
  type DirectoryPage,
  type DirectoryUser,
  type GoogleDirectory,
} from './directory.ts';
