import { Hono } from 'hono';
import { stream, streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { changesAsCsv } from '../../changes-csv.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { createCursor } from '../../pagination.ts';
import { statusOf, toAppError } from '../../problem-details.ts';
import { runCursor } from '../../routes/user-sync.ts';
import { actionSchema, statusSchema } from '../../routes/user-sync-schemas.ts';
import { followRun } from '../../run-progress.ts';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';
import { levelOf } from '../level.ts';
import { page } from '../page.tsx';
import { GoogleWorkspaceHead } from '../pages/google-workspace/head.tsx';
import { Overview } from '../pages/user-sync/overview.tsx';
import { RunPage } from '../pages/user-sync/run.tsx';
import { RunCard } from '../pages/user-sync/run-card.tsx';
import { RunList } from '../pages/user-sync/run-list.tsx';
import { RUN_STATES, whatOf } from '../pages/user-sync/words.ts';

const ROOT = '/tenants/:tenantId/google-workspace/user-sync';
const RUNS_SHOWN = 10;
const RUNS_CHARTED = 30;
/** Previews and runs of one person stand between those that are charted. */
const RUNS_LOOKED_AT = 100;
const RUNS_PER_PAGE = 50;
const CHANGES_SHOWN = 50;

const changeCursors = createCursor(z.object({ seq: z.number().int() }));
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const filterSchema = z.object({
  action: optional(actionSchema),
  status: optional(statusSchema),
  q: optional(z.string().trim().min(1).max(200)),
});

/** The tab USER SYNC, the pages of its runs, and their live progress. */
export const createUserSyncPages = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const { administration } = userSync;
  const baseOf = (c: AppContext) => `/tenants/${c.get('tenantId')}/google-workspace/user-sync`;

  const showOverview = async (c: AppContext, given: { refusal?: string; status?: 409 } = {}) => {
    const actor = c.get('actor');
    const tenantId = c.get('tenantId');
    const [settings, runs, [newest], push, [pending], schedule] = await Promise.all([
      administration.readSettings(actor, tenantId),
      administration.listRuns(actor, { tenantId, limit: RUNS_LOOKED_AT }),
      administration.listRuns(actor, { tenantId, limit: 1, partial: false }),
      administration.readPush(actor, tenantId),
      administration.listApprovals(actor, { tenantId, limit: 1, state: 'pending' }),
      administration.readSchedule(actor, tenantId),
    ]);
    return page(
      c,
      { title: 'User sync', active: 'google-workspace', ...(given.status && { status: given.status }) },
      <>
        <GoogleWorkspaceHead base={`/tenants/${c.get('tenantId')}/google-workspace`} level="tenant" tab="user-sync" />
        <Overview
          base={baseOf(c)}
          settings={settings}
          timeZone={levelOf(c).timeZone}
          previewFirst={c.req.query('done') === 'user-sync-preview-first'}
          runs={runs.slice(0, RUNS_SHOWN)}
          charted={runs
            .filter(({ dryRun, partial, finishedAt }) => !dryRun && !partial && finishedAt)
            .slice(0, RUNS_CHARTED)}
          newest={newest}
          push={push}
          schedule={schedule}
          firstExtension={c.get('tenant')?.firstExtension ?? 1000}
          refusal={given.refusal}
          pending={pending}
        />
      </>,
    );
  };

  return new Hono<AppEnv>()
    .get(ROOT, requireActor('read'), (c) => showOverview(c))

    .get(`${ROOT}/runs`, requireActor('read'), async (c) => {
      const before = runCursor.decode(c.req.query('cursor'));
      const query = { tenantId: c.get('tenantId'), limit: RUNS_PER_PAGE + 1, before };
      const rows = await administration.listRuns(c.get('actor'), query);
      const runs = rows.slice(0, RUNS_PER_PAGE);
      const last = rows.length > RUNS_PER_PAGE ? runs.at(-1) : undefined;
      const path = `${baseOf(c)}/runs`;
      return page(
        c,
        { title: 'Syncs and previews', active: 'google-workspace' },
        <>
          <PageHead title="Syncs and previews" back={{ href: baseOf(c), label: 'User sync' }} />
          {runs.length === 0 && <Empty icon="list" title="There was no sync yet" />}
          {runs.length > 0 && <RunList base={baseOf(c)} runs={runs} timeZone={levelOf(c).timeZone} />}
          <Pager path={path} nextCursor={last ? runCursor.encode(last) : null} isFirst={before === undefined} />
        </>,
      );
    })

    .post(`${ROOT}/runs`, requireActor('admin'), async (c) => {
      const form = await c.req.parseBody();
      const applyPlanOf = z.uuid().optional().catch(undefined).parse(form.applyPlanOf);
      try {
        const request = { tenantId: c.get('tenantId'), dryRun: form.dryRun === 'on', applyPlanOf };
        const { runId } = await administration.startRun(c.get('actor'), request);
        const wantsPlan = request.dryRun || applyPlanOf;
        return c.redirect(wantsPlan ? `${baseOf(c)}/runs/${runId}` : baseOf(c), 303);
      } catch (error) {
        const { publicMessage } = toAppError(error);
        if (statusOf(toAppError(error)) !== 409) throw error;
        return showOverview(c, { refusal: publicMessage, status: 409 });
      }
    })

    .post(`${ROOT}/runs/:runId/cancel`, requireActor('admin'), async (c) => {
      await administration.cancelRun(c.get('actor'), c.get('tenantId'), c.req.param('runId'));
      return c.redirect(baseOf(c), 303);
    })

    .get(`${ROOT}/runs/:runId`, requireActor('read'), async (c) => {
      const actor = c.get('actor');
      const tenantId = c.get('tenantId');
      const runId = c.req.param('runId');
      const filter = filterSchema.parse(c.req.query());
      const after = changeCursors.decode(c.req.query('cursor'));
      const [run, rows] = await Promise.all([
        administration.getRun(actor, tenantId, runId),
        administration.listChanges(actor, {
          ...{ tenantId, runId, limit: CHANGES_SHOWN + 1, afterSeq: after?.seq },
          ...{ action: filter.action, status: filter.status, search: filter.q },
        }),
      ]);
      const changes = rows.slice(0, CHANGES_SHOWN);
      const last = rows.length > CHANGES_SHOWN ? changes.at(-1) : undefined;
      return page(
        c,
        { title: whatOf(run), active: 'google-workspace' },
        <>
          <PageHead title={whatOf(run)} back={{ href: baseOf(c), label: 'User sync' }} />
          <RunPage
            base={baseOf(c)}
            run={run}
            changes={changes}
            filter={filter}
            nextCursor={last ? changeCursors.encode({ seq: last.seq }) : null}
            isFirst={after === undefined}
            timeZone={levelOf(c).timeZone}
            changesOfApi={`/api/v1/tenants/${tenantId}/user-sync/runs/${runId}/changes`}
          />
        </>,
      );
    })

    .get(`${ROOT}/runs/:runId/changes.csv`, requireActor('read'), async (c) => {
      const query = { tenantId: c.get('tenantId'), runId: c.req.param('runId') };
      const chunks = await changesAsCsv((page) => administration.listChanges(c.get('actor'), { ...query, ...page }));
      c.header('Content-Type', 'text/csv; charset=utf-8');
      c.header('Content-Disposition', `attachment; filename="sync-${query.runId}.csv"`);
      return stream(c, async (out) => {
        for await (const chunk of chunks) await out.write(chunk);
      });
    })

    .get(`${ROOT}/runs/:runId/progress`, requireActor('read'), async (c) => {
      const read = () => administration.getRun(c.get('actor'), c.get('tenantId'), c.req.param('runId'));
      const first = await read();
      const { timeZone } = levelOf(c);
      return streamSSE(c, async (events) => {
        // Only a new stage is read out: figures that move several times a second would drown everything else.
        let told = first.state;
        for await (const run of followRun(first, read, () => events.aborted)) {
          const card = (
            <RunCard run={run} base={baseOf(c)} alone={c.req.query('alone') === 'yes'} timeZone={timeZone} />
          ).toString();
          if (run.state !== told) await events.writeSSE({ event: 'stage', data: RUN_STATES[run.state].label });
          told = run.state;
          await events.writeSSE({ event: 'progress', data: await card });
          if (run.finishedAt) await events.writeSSE({ event: 'ended', data: '' });
        }
      });
    });
};
