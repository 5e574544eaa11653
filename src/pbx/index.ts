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
