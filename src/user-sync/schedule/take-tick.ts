import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Clock } from '../../clock.ts';
import { type SyncTick, SyncTickEntity } from '../../db/entities/index.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError, type ErrorCode } from '../../errors.ts';
import type { Runs } from '../runs/runs.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { deleteTicksBefore, insertTick } from './schedule-queries.ts';

export interface TakeTickDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly runs: Pick<Runs, 'request' | 'findActive'>;
}

export interface Tick {
  readonly tenantId: string;
  /** The same each time that this tick is tried. */
  readonly tickId: string;
  readonly scheduledFor: Date;
}

/** `off`: the tenant is gone or no longer in automatic mode; nothing is noted. */
export type TickOutcome = SyncTick['outcome'] | 'off';

/** Why a time started no run: the reason of a refusal, or one of the two of a skip. */
export type TickCode = ErrorCode | 'SYNC_PAUSED';

const KEPT_MS = 90 * 86_400_000;

interface Passed {
  readonly outcome: 'skipped' | 'refused';
  readonly runId: string | null;
  readonly code: TickCode;
  readonly message: string;
}

const IN_THE_WAY = 'The run before was still under way. Its end, or the next time, brings everything up to date.';

const isForAPerson = (error: unknown): error is AppError =>
  error instanceof AppError && (error.kind === 'permanent' || error.kind === 'unauthorized');

/**
 * Takes one time of a schedule: starts a run, or notes why none was started. Trying it again, at once or later, gives
 * the same answer and never a second run, because the run and the note of its tick are made in one transaction.
 */
export const createTakeTick = ({ orm, clock, settings, runs }: TakeTickDependencies) => {
  const find = ({ tenantId, tickId }: Tick): Promise<SyncTick | null> =>
    orm.em.fork().findOne(SyncTickEntity, { tenantId, id: tickId });

  const rowOf = ({ tenantId, tickId, scheduledFor }: Tick) => ({
    tenantId,
    id: tickId,
    scheduledFor,
    takenAt: clock(),
  });

  const start = async (tick: Tick): Promise<Passed | undefined> => {
    const { tenantId } = tick;
    const noteStart = (em: EntityManager, runId: string) =>
      em.create(SyncTickEntity, { ...rowOf(tick), outcome: 'started', runId });
    try {
      const request = { tenantId, trigger: 'schedule', requestedBy: null, alongside: noteStart } as const;
      const { runId, joined } = await runs.request(request);
      return joined ? { outcome: 'skipped', runId, code: 'SYNC_RUN_ACTIVE', message: IN_THE_WAY } : undefined;
    } catch (error) {
      // Another try of this tick was faster; this one's run went with its transaction.
      if (error instanceof UniqueConstraintViolationException) return undefined;
      if (!isForAPerson(error)) throw error;
      if (error.code !== 'SYNC_RUN_ACTIVE')
        return { outcome: 'refused', runId: null, code: error.code, message: error.publicMessage };
      const active = await runs.findActive(tenantId);
      return { outcome: 'skipped', runId: active?.id ?? null, code: error.code, message: IN_THE_WAY };
    }
  };

  const pass = async (tick: Tick, passed: Passed): Promise<void> =>
    insertTick(orm.em.fork(), { ...rowOf(tick), ...passed });

  return async (tick: Tick): Promise<TickOutcome> => {
    const known = await find(tick);
    if (known) return known.outcome;
    const { mode, paused } = await settings.read(tick.tenantId);
    if (mode !== 'automatic') return 'off';
    const passed: Passed | undefined = paused
      ? { outcome: 'skipped', runId: null, code: 'SYNC_PAUSED', message: 'The schedule was paused.' }
      : await start(tick);
    if (passed) await pass(tick, passed);
    await deleteTicksBefore(orm.em.fork(), tick.tenantId, new Date(clock().getTime() - KEPT_MS));
    return (await find(tick))?.outcome ?? 'off';
  };
};
