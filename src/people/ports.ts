import type { EntityManager } from '../db/orm.ts';

/** A number whose user an administrator deleted, and whose it was at Google. */
export interface NumberOfPerson {
  readonly tenantId: string;
  readonly googleId: string;
  readonly extensionNumber: number;
}

/** Keeps a number for somebody who may come back, in the caller's transaction. Again changes nothing but the time. */
export type KeepNumber = (em: EntityManager, number: NumberOfPerson) => Promise<void>;
