import { setTimeout as delay } from 'node:timers/promises';
import type { Draws } from '../../../tools/google-stand-in/seed/random.ts';
import type { FaultGround, Victim } from './fault-ground.ts';
import { VICTIMS } from './fault-ground.ts';
import type { Provocation } from './kill-points.ts';
import { ask } from './look-at-database.ts';

export type Kill = { readonly victim: Victim; readonly atMs: number };

const WEIGHTS: Record<Victim, number> = { worker: 4, server: 2, temporal: 2, postgres: 3 };
const LIMIT_MS = 240_000;

export const drawKills = (draws: Draws, most: number, withinMs: number): Kill[] => {
  const bag = VICTIMS.flatMap((victim) => Array.from({ length: WEIGHTS[victim] }, () => victim));
  return Array.from({ length: 1 + draws.below(most) }, () => ({
    victim: draws.pick(bag),
    atMs: draws.below(withinMs),
  })).toSorted((a, b) => a.atMs - b.atMs);
};

/** Tries again and again: the server, or what it stands on, may be dead at this moment. */
export const insist = async <Result>(what: string, attempt: () => Promise<Result>): Promise<Result> => {
  for (const endsAt = Date.now() + LIMIT_MS; ; await delay(100)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > endsAt) throw new Error(`did not succeed in time: ${what}`, { cause: error });
    }
  }
};

/** So that nothing but a complete list decides who leaves: no brake stands between a mistake and the people. */
const NO_BRAKES = {
  ...{ removalPercent: 100, removalFloor: 100_000, removalCap: 100_000 },
  ...{ failurePercent: 100, failureFloor: 100_000 },
};
const HOLD_EVERYTHING = { ...NO_BRAKES, removalPercent: 0, removalFloor: 0, removalCap: 0 };

export const createRounds = (ground: FaultGround, tenantId: string) => {
  const { administrator, databaseUrl, google, company } = ground;

  const start = (request: { dryRun?: boolean; applyPlanOf?: string }) =>
    insist('starting a run', () => administrator.startRun(tenantId, request));

  const untilRow = (what: string, text: string): Promise<void> =>
    insist(what, async () => {
      const rows = await ask(databaseUrl, text, [tenantId]);
      if (rows.length === 0) throw new Error(`not yet: ${what}`);
    });

  const untilQuiet = () =>
    untilRow(
      'the end of every run',
      'select 1 where not exists (select from sync_runs where tenant_id = $1 and finished_at is null)',
    );

  const kill = async (kills: readonly Kill[], draws: Draws): Promise<void> => {
    const beganAt = performance.now();
    for (const { victim, atMs } of kills) {
      await delay(Math.max(0, beganAt + atMs - performance.now()));
      await ground.kill(victim, draws.below(400));
    }
  };

  const sync = async (): Promise<void> => {
    await start({});
    await untilQuiet();
  };

  const saveBrakes = (brakes: typeof NO_BRAKES): Promise<void> =>
    insist('saving the brakes', async () => {
      const path = `/tenants/${tenantId}/user-sync`;
      const etag = (await administrator.api('GET', path)).headers.get('etag') ?? undefined;
      const { status, body } = await administrator.api('PUT', path, { brakes, photos: true }, etag);
      if (status !== 200) throw new Error(`saving the brakes answered ${status}: ${JSON.stringify(body)}`);
    });

  /** Approves what waits; a decision whose answer was lost is not made twice. */
  const approvePending = async (): Promise<void> => {
    const path = `/tenants/${tenantId}/user-sync/approvals`;
    await insist('approving', async () => {
      const { body } = await administrator.api<{ items?: { id: string }[] }>('GET', `${path}?state=pending`);
      if (!body.items) throw new Error('the approvals cannot be read');
      for (const { id } of body.items) {
        const { status } = await administrator.api('POST', `${path}/${id}/approve`);
        if (status !== 202) throw new Error(`approving answered ${status}`);
      }
    });
    await untilRow(
      'the end of the approval',
      `select from approvals where tenant_id = $1 and state = 'applied' and done > 0
         and not exists (select from approvals where tenant_id = $1 and state in ('pending', 'approved'))`,
    );
  };

  const provoke = async (provocation: Provocation): Promise<void> => {
    switch (provocation) {
      case 'sync':
        return sync();
      case 'cancel': {
        await google.control.addFault({ kind: 'delay', pathPrefix: '/admin/directory/v1/', delayMs: 500, count: 6 });
        const runId = await start({});
        await insist('cancelling', async () => {
          const { status } = await administrator.api('POST', `/tenants/${tenantId}/user-sync/runs/${runId}/cancel`);
          if (status >= 300) throw new Error(`cancelling answered ${status}`);
        });
        await untilQuiet();
        return sync();
      }
      case 'stale-preview': {
        const preview = await start({ dryRun: true });
        await untilQuiet();
        await sync();
        await start({ applyPlanOf: preview });
        return untilQuiet();
      }
      case 'approval':
        await saveBrakes(HOLD_EVERYTHING);
        await sync();
        await approvePending();
        await saveBrakes(NO_BRAKES);
        return sync();
      case 'lost-authorization': {
        await google.control.clearFaults();
        await google.control.endRefreshTokens({ how: 'invalid_grant' });
        await google.control.expireAccessTokens();
        await start({});
        await untilRow(
          'waiting for authorization',
          "select from sync_runs where tenant_id = $1 and state = 'waiting-for-authorization'",
        );
        await ground.server.ready();
        await insist('authorizing again', () => administrator.authorize(tenantId, company));
        return untilQuiet();
      }
    }
  };

  return {
    liftBrakes: () => saveBrakes(NO_BRAKES),

    /** Provokes what is to happen, kills meanwhile, and settles when no run is open and every process is up. */
    async play(provocation: Provocation, kills: readonly Kill[], draws: Draws): Promise<void> {
      await Promise.all([provoke(provocation), kill(kills, draws)]);
      await untilQuiet();
      await Promise.all([ground.server.ready(), ground.worker.ready()]);
    },
  };
};
