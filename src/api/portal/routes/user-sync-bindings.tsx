import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { noteProblem } from '../../note-problem.ts';
import { statusOf, toAppError } from '../../problem-details.ts';
import { bindingCursor, googleIdSchema } from '../../routes/user-sync-bindings.ts';
import { searchText } from '../../routes/user-sync-directory.ts';
import { emptyForm, type FormState, handleForm } from '../form.ts';
import { listQuery } from '../list-query.ts';
import { withNotice } from '../notices.ts';
import { page } from '../page.tsx';
import { ConfirmPage } from '../pages/confirm.tsx';
import { AddBinding } from '../pages/user-sync/add-binding.tsx';
import { BindingsPage } from '../pages/user-sync/bindings.tsx';
import { MatchBindings } from '../pages/user-sync/match-bindings.tsx';

const ROOT = '/tenants/:tenantId/google-workspace/user-sync/bindings';
const EXTENSIONS_SHOWN = 20;

const text = z.string().trim().max(200).optional().catch(undefined);
const pair = z
  .string()
  .regex(/^\d{1,32} [0-9a-f-]{36}$/)
  .transform((value) => {
    const [googleId = '', userId = ''] = value.split(' ');
    return { googleId, userId };
  });

/** What an administrator is told where something was to be shown; what we did not expect is thrown on. */
const problemIn = async <Shown,>(c: AppContext, work: Promise<Shown>) => {
  try {
    return { shown: await work, problem: undefined };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'INTERNAL' || statusOf(error) === 404 || statusOf(error) === 403) throw thrown;
    noteProblem(c, error);
    return { shown: undefined, problem: error.publicMessage };
  }
};

/** The page of bindings: the table, Add, Delete, and Match by e-mail. */
export const createUserSyncBindingPages = ({ userSync, people }: Pick<ApiDependencies, 'userSync' | 'people'>) => {
  const { bindings, lookup } = userSync;
  const baseOf = (c: AppContext) => `/tenants/${c.get('tenantId')}/google-workspace/user-sync`;
  const pathOf = (c: AppContext) => `${baseOf(c)}/bindings`;
  const head = { title: 'Bindings', active: 'google-workspace' } as const;

  /** Searches both sides again, so that the page stands by itself. */
  const showAdd = async (
    c: AppContext,
    asked: { readonly q: string | undefined; readonly extension: string | undefined },
    form: FormState = emptyForm(),
    status: ContentfulStatusCode = 200,
  ) => {
    const actor = c.get('actor');
    const tenantId = c.get('tenantId');
    const q = searchText.safeParse(asked.q);
    const found = q.success
      ? await problemIn(c, lookup.people(actor, { tenantId, text: q.data, signal: c.req.raw.signal }))
      : { shown: undefined, problem: asked.q ? q.error.issues[0]?.message : undefined };
    const query = { tenantId, limit: EXTENSIONS_SHOWN, bound: false, search: asked.extension || undefined };
    const extensions = found.shown ? await people.list(actor, query) : [];
    return page(
      c,
      { ...head, status },
      <AddBinding
        path={pathOf(c)}
        {...asked}
        people={found.shown}
        extensions={extensions}
        problem={found.problem}
        form={form}
      />,
    );
  };

  const showDelete = async (c: AppContext) => {
    const googleId = c.req.param('googleId') ?? '';
    const row = await bindings.get(c.get('actor'), c.get('tenantId'), googleId);
    const consequence =
      `${row.google_email ?? row.google_id} and the extension ${row.extension_number} are no longer bound. The ` +
      'extension stays as it is. While the person is among those who are synchronized, the next sync may link or ' +
      'make an extension again: take the person out of the scope first if that is not wanted.';
    return page(
      c,
      head,
      <ConfirmPage
        title="Delete this binding?"
        consequence={consequence}
        action={`${pathOf(c)}/${googleId}/delete`}
        button="Delete the binding"
        back={{ href: pathOf(c), label: 'Bindings' }}
      />,
    );
  };

  return new Hono<AppEnv>()
    .get(ROOT, requireActor('read'), async (c) => {
      const { after, limit, isFirst } = listQuery(c, bindingCursor);
      const search = text.parse(c.req.query('q')) || undefined;
      const query = { tenantId: c.get('tenantId'), limit: limit + 1, afterNumber: after?.number, search };
      const rows = await bindings.list(c.get('actor'), query);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return page(
        c,
        head,
        <BindingsPage
          base={baseOf(c)}
          rows={shown}
          search={search}
          nextCursor={last ? bindingCursor.encode({ number: Number(last.extension_number) }) : null}
          isFirst={isFirst}
          timeZone={c.get('tenant')?.timeZone ?? 'UTC'}
        />,
      );
    })

    .get(`${ROOT}/new`, requireActor('admin'), (c) =>
      showAdd(c, { q: text.parse(c.req.query('q')), extension: text.parse(c.req.query('extension')) }),
    )

    .post(ROOT, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: z.object({
          googleId: googleIdSchema,
          userId: z.uuid('Choose an extension.'),
        }),
        async accept(chosen) {
          const request = { tenantId: c.get('tenantId'), ...chosen, signal: c.req.raw.signal };
          await bindings.add(c.get('actor'), request);
          return c.redirect(withNotice(pathOf(c), 'binding-added'), 303);
        },
        refuse: (form, status) => showAdd(c, { q: form.values.q, extension: form.values.extension }, form, status),
      }),
    )

    .get(`${ROOT}/match`, requireActor('admin'), async (c) => {
      const { shown, problem } = await problemIn(c, bindings.match(c.get('actor'), c.get('tenantId')));
      return page(c, head, <MatchBindings path={pathOf(c)} matches={shown} problem={problem} />);
    })

    .post(`${ROOT}/match`, requireActor('admin'), async (c) => {
      const form = await c.req.parseBody({ all: true });
      const chosen = [form.pair ?? []].flat().flatMap((value) => pair.safeParse(value).data ?? []);
      await bindings.saveMatches(c.get('actor'), c.get('tenantId'), chosen);
      return c.redirect(withNotice(pathOf(c), 'bindings-matched'), 303);
    })

    .get(`${ROOT}/:googleId/delete`, requireActor('admin'), (c) => showDelete(c))

    .post(`${ROOT}/:googleId/delete`, requireActor('admin'), async (c) => {
      await bindings.remove(c.get('actor'), c.get('tenantId'), c.req.param('googleId'));
      return c.redirect(withNotice(pathOf(c), 'binding-deleted'), 303);
    });
};
