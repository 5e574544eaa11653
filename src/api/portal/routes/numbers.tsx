import { Hono } from 'hono';
import { z } from 'zod';
import { notFound } from '../../../errors.ts';
import { NUMBER_OWNERS } from '../../../people/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { newNumberSchema } from '../../routes/extension-numbers.ts';
import { extensionNumberSchema, numberCursor } from '../../routes/users-schemas.ts';
import { emptyForm, type FormState, handleForm } from '../form.ts';
import { levelOf } from '../level.ts';
import { withNotice } from '../notices.ts';
import { type PageOptions, page } from '../page.tsx';
import { ConfirmPage } from '../pages/confirm.tsx';
import { NewNumberPage, type NumbersFilter, NumbersPage } from '../pages/numbers.tsx';

const ROOT = '/tenants/:tenantId/numbers';
const PAGE_SIZE = 50;

const filterSchema = z.object({
  q: z.string().trim().min(1).max(200).optional().catch(undefined),
  of: z
    .enum(['everything', 'user', ...NUMBER_OWNERS])
    .optional()
    .catch(undefined),
});

const ownerKindsOf = ({ of }: NumbersFilter) => {
  if (of === 'everything') return undefined;
  return of === undefined ? NUMBER_OWNERS : [of];
};

/** Numbers of the PBX that do not belong to users: list, add, free. */
export const createNumbersPages = ({ extensionNumbers }: Pick<ApiDependencies, 'extensionNumbers'>): Hono<AppEnv> => {
  const numberOf = (c: AppContext): number => {
    const number = extensionNumberSchema.safeParse(c.req.param('number'));
    if (!number.success) throw notFound('number');
    return Number(number.data);
  };

  const showNew = (c: AppContext, form: FormState, status: PageOptions['status'] = 200) =>
    page(c, { title: 'Add a number', active: 'numbers', status }, <NewNumberPage base={levelOf(c).base} form={form} />);

  const showRemove = async (c: AppContext, { message }: FormState, status: PageOptions['status'] = 200) => {
    const { number, label } = await extensionNumbers.get(c.get('actor'), c.get('tenantId'), numberOf(c));
    const path = `${levelOf(c).base}/numbers`;
    return page(
      c,
      { title: 'Free a number', active: 'numbers', status },
      <ConfirmPage
        title={`Free ${number}?`}
        consequence={`A later sync may give ${label ? `${number} (${label})` : number} to a person. Whatever answered to it must have another number by then.`}
        action={`${path}/${number}/remove`}
        button="Free this number"
        back={{ href: path, label: 'Numbers' }}
        message={message}
      />,
    );
  };

  return new Hono<AppEnv>()
    .get(ROOT, requireActor('read'), async (c) => {
      const filter = filterSchema.parse(c.req.query());
      const after = numberCursor.decode(c.req.query('cursor'));
      const rows = await extensionNumbers.list(c.get('actor'), {
        tenantId: c.get('tenantId'),
        limit: PAGE_SIZE + 1,
        afterNumber: after?.number,
        search: filter.q,
        ownerKinds: ownerKindsOf(filter),
      });
      const shown = rows.slice(0, PAGE_SIZE);
      const last = rows.length > PAGE_SIZE ? shown.at(-1) : undefined;
      return page(
        c,
        { title: 'Numbers', active: 'numbers' },
        <NumbersPage
          base={levelOf(c).base}
          numbers={shown}
          filter={filter}
          nextCursor={last ? numberCursor.encode({ number: Number(last.number) }) : null}
          isFirst={after === undefined}
        />,
      );
    })

    .get(`${ROOT}/new`, requireActor('admin'), (c) => showNew(c, emptyForm({ ownerKind: 'ring-group' })))

    .post(`${ROOT}/new`, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: newNumberSchema,
        toInput: ({ values }) => ({ ...values, label: values.label?.trim() || null }),
        async accept({ number, ownerKind, label }) {
          const request = { tenantId: c.get('tenantId'), number: Number(number), ownerKind, label: label ?? null };
          await extensionNumbers.add(c.get('actor'), request);
          return c.redirect(withNotice(`${levelOf(c).base}/numbers`, 'number-added'), 303);
        },
        refuse: (form, status) => showNew(c, form, status),
      }),
    )

    .get(`${ROOT}/:number/remove`, requireActor('admin'), (c) => showRemove(c, emptyForm()))

    .post(`${ROOT}/:number/remove`, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: z.object({}),
        async accept() {
          await extensionNumbers.remove(c.get('actor'), c.get('tenantId'), numberOf(c));
          return c.redirect(withNotice(`${levelOf(c).base}/numbers`, 'number-removed'), 303);
        },
        refuse: (form, status) => showRemove(c, form, status),
      }),
    );
};
