export { createBuiltInDirectory } from './built-in/built-in-directory.ts';
export type {
  NumbersInUse,
  PbxChange,
  PbxDirectory,
  PbxOutcome,
  PbxPhone,
  PbxUserFields,
  SettleOutcomes,
} from './directory.ts';
export { LARGEST_NUMBER, NUMBER_OWNERS, type NumberOwner, RESERVED_NUMBERS, SMALLEST_NUMBER } from './numbers.ts';
