import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

export interface PhotoProblem {
  readonly code: string;
  readonly message: string;
}

/** What the run has to do about photos: what it has done already, and what is due now. */
export const savePhotosTotal = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  due: number,
): Promise<void> => {
  await sql`
    update sync_runs set photos_total = photos_done + photos_failed + ${due}
    where tenant_id = ${tenantId} and id = ${runId} and finished_at is null`.execute(em.getKysely());
};

export const countPhotos = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  { done, failed }: { readonly done: number; readonly failed: number },
): Promise<void> => {
  await sql`
    update sync_runs set photos_done = photos_done + ${done}, photos_failed = photos_failed + ${failed}
    where tenant_id = ${tenantId} and id = ${runId} and finished_at is null`.execute(em.getKysely());
};

/** Why photos wait or were left to the next run; it never ends the run. Null takes the note back. */
export const savePhotosProblem = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  problem: PhotoProblem | null,
): Promise<void> => {
  await sql`
    update sync_runs set photos_problem_code = ${problem?.code ?? null},
      photos_problem_message = ${problem?.message ?? null}
    where tenant_id = ${tenantId} and id = ${runId} and finished_at is null
      and photos_problem_code is distinct from ${problem?.code ?? null}`.execute(em.getKysely());
};
