import type { EntityManager } from '../db/orm.ts';
import type { ErrorCode } from '../errors.ts';

export interface PbxPhone {
  readonly type: string;
  readonly value: string;
}

/** What user sync may write to a user of the PBX. Lengths are held by whoever builds one. */
export interface PbxUserFields {
  readonly displayName: string;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly phones: readonly PbxPhone[];
  readonly department: string | null;
  readonly title: string | null;
}

/**
 * One change to one user. `userId` is ours and made before the change, so that the same change told twice is the same
 * user; `expectedRevision` is the state the change was planned on.
 */
export type PbxChange =
  | {
      readonly kind: 'create';
      readonly userId: string;
      readonly extensionNumber: number;
      readonly fields: PbxUserFields;
    }
  | {
      readonly kind: 'change';
      readonly userId: string;
      readonly expectedRevision: number;
      readonly fields: PbxUserFields | null;
      readonly enabled: boolean | null;
      /** Who disables: the sync, unless this says otherwise. What an administrator disabled stays so until one enables it. */
      readonly disabledBy?: 'administrator';
    }
  | {
      /** The user and its number go; one that is gone already counts as done. */
      readonly kind: 'delete';
      readonly userId: string;
      readonly expectedRevision: number;
    };

export type PbxOutcome =
  | { readonly userId: string; readonly result: 'done'; readonly revision: number }
  | { readonly userId: string; readonly result: 'failed'; readonly code: ErrorCode; readonly message: string };

/**
 * Told of outcomes as they become durable. A directory whose effects are rows of our database calls it inside the
 * transaction of those effects and hands it over; one that calls a remote system calls it after each answer, without.
 */
export type SettleOutcomes = (outcomes: readonly PbxOutcome[], transaction?: EntityManager) => Promise<void>;

export interface NumbersInUse {
  readonly from: number;
  readonly to: number;
}

/** The users of a PBX, built in or remote. One instance serves one tenant. */
export interface PbxDirectory {
  /** Every number in the range that anything in the PBX answers to, in ascending order. */
  numbersInUse(range: NumbersInUse): Promise<readonly number[]>;

  /** How many more users the tenant's licence allows; null when it has no limit. */
  usersLeft(): Promise<number | null>;

  /**
   * Makes the changes, each on its own: one that is refused fails alone. A change that was made before (an answer was
   * lost, the process died) is found done and not made again.
   */
  apply(changes: readonly PbxChange[], settle: SettleOutcomes, signal?: AbortSignal): Promise<void>;
}
