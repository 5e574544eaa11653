import type { EntityManager, Orm } from '../db/orm.ts';
import { AppError, invalidField, notFound } from '../errors.ts';
import type { PbxChange, PbxDirectory, PbxOutcome } from '../pbx/index.ts';

export interface ApplyToPbxDependencies {
  readonly orm: Orm;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
}

const refusal = ({ code, message }: Extract<PbxOutcome, { result: 'failed' }>): AppError => {
  switch (code) {
    case 'PBX_NUMBER_TAKEN':
      return invalidField('extensionNumber', 'This number is in use. Choose another one.');
    case 'PBX_USER_CHANGED':
      return new AppError(
        'STALE_WRITE',
        'Somebody else, or a sync, changed this user meanwhile. Load it again and repeat your change.',
      );
    case 'PBX_USER_NOT_FOUND':
      return notFound('user');
    case 'PBX_VALUE_REJECTED':
      return new AppError('VALIDATION_FAILED', message);
    default:
      return new AppError(code, message);
  }
};

/**
 * Makes one change that an administrator asked for, with `alongside` in the transaction of its effect where the PBX has
 * one.
 *
 * @throws AppError VALIDATION_FAILED, STALE_WRITE, NOT_FOUND, PBX_LICENCE_USED_UP, UNAVAILABLE
 */
export const createApplyToPbx =
  ({ orm, pbxOf }: ApplyToPbxDependencies) =>
  async (
    tenantId: string,
    change: PbxChange,
    alongside: (em: EntityManager) => void | Promise<void>,
  ): Promise<void> => {
    const outcomes: PbxOutcome[] = [];
    await pbxOf(tenantId).apply([change], async (settled, transaction) => {
      outcomes.push(...settled);
      if (settled.some(({ result }) => result === 'failed')) return;
      if (transaction) await alongside(transaction);
      else await orm.em.fork().transactional(async (em) => alongside(em));
    });
    const [outcome] = outcomes;
    if (!outcome) throw new AppError('UNAVAILABLE', 'The PBX gave no answer. Try again.');
    if (outcome.result === 'failed') throw refusal(outcome);
  };

export type ApplyToPbx = ReturnType<typeof createApplyToPbx>;
