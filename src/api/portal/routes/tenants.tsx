import { Hono } from 'hono';
import { z } from 'zod';
import { isSystem } from '../../../contracts/index.ts';
import { type TenantView, tenantInputSchema } from '../../../tenants/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { toPageBody } from '../../pagination.ts';
import { tenantCursor } from '../../routes/tenants.ts';
import { emptyForm, handleForm, type SubmittedForm } from '../form.ts';
import { listQuery } from '../list-query.ts';
import { withNotice } from '../notices.ts';
import { page } from '../page.tsx';
import { DeleteTenantPage, NewTenantPage, TenantPage, TenantSettingsPage, TenantsPage } from '../pages/tenants.tsx';
import { requireAdministrator } from '../require-administrator.ts';

const SEARCH_MAX_LENGTH = 200;

const toInput = ({ values }: SubmittedForm) => ({
  ...values,
  firstExtension: values.firstExtension === undefined ? undefined : Number(values.firstExtension || Number.NaN),
  extensionLimit: values.extensionLimit ? Number(values.extensionLimit) : null,
});

const changeFormSchema = tenantInputSchema.extend({ version: z.coerce.number().int() });

const formOf = (tenant: TenantView) =>
  emptyForm({
    name: tenant.name,
    sipDomain: tenant.sipDomain,
    timeZone: tenant.timeZone,
    firstExtension: String(tenant.firstExtension),
    extensionLimit: tenant.extensionLimit === null ? '' : String(tenant.extensionLimit),
    version: String(tenant.version),
  });

/** Tenants: list, add, look at, change, delete. */
export const createTenantPages = ({ tenants }: Pick<ApiDependencies, 'tenants'>) => {
  const routes = new Hono<AppEnv>();
  const current = (c: AppContext): Promise<TenantView> => tenants.get(c.get('actor'), c.get('tenantId'));

  routes.get('/system', requireAdministrator(), (c) => c.redirect('/tenants', 303));

  routes.get('/tenants', requireAdministrator(), async (c) => {
    const search = (c.req.query('q') ?? '').trim().slice(0, SEARCH_MAX_LENGTH);
    const { isFirst, ...query } = listQuery(c, tenantCursor);
    const found = await tenants.list(c.get('actor'), { ...query, search });
    const { items, nextCursor } = toPageBody(found, tenantCursor);
    return page(
      c,
      { title: 'Tenants', active: 'tenants' },
      <TenantsPage tenants={items} search={search} nextCursor={nextCursor} isFirst={isFirst} />,
    );
  });

  routes.get('/tenants/new', requireAdministrator(), (c) => {
    const form = emptyForm({ timeZone: 'UTC', firstExtension: '1000' });
    return page(c, { title: 'Add a tenant', active: 'tenants' }, <NewTenantPage form={form} />);
  });

  routes.post('/tenants/new', requireAdministrator(), (c) =>
    handleForm(c, {
      schema: tenantInputSchema,
      toInput,
      async accept(input) {
        const tenant = await tenants.create(c.get('actor'), input);
        return c.redirect(withNotice(`/tenants/${tenant.id}`, 'tenant-created'), 303);
      },
      refuse: (form, status) =>
        page(c, { title: 'Add a tenant', active: 'tenants', status }, <NewTenantPage form={form} />),
    }),
  );

  routes.get('/tenants/:tenantId', requireAdministrator({ evenWhileDeleting: true }), async (c) => {
    const tenant = await current(c);
    return page(
      c,
      { title: 'Overview', active: 'overview' },
      <TenantPage tenant={tenant} isSystem={isSystem(c.get('actor').tenantId)} />,
    );
  });

  routes.get('/tenants/:tenantId/settings', requireAdministrator(), async (c) => {
    const tenant = await current(c);
    return page(
      c,
      { title: 'Edit tenant', active: 'overview' },
      <TenantSettingsPage tenant={tenant} form={formOf(tenant)} />,
    );
  });

  routes.post('/tenants/:tenantId/settings', requireAdministrator(), (c) =>
    handleForm(c, {
      schema: changeFormSchema,
      toInput,
      async accept({ version, ...change }) {
        await tenants.update(c.get('actor'), c.get('tenantId'), change, version);
        return c.redirect(withNotice(`/tenants/${c.get('tenantId')}`, 'tenant-changed'), 303);
      },
      refuse: async (form, status) =>
        page(
          c,
          { title: 'Edit tenant', active: 'overview', status },
          <TenantSettingsPage tenant={await current(c)} form={form} />,
        ),
    }),
  );

  routes.get('/tenants/:tenantId/delete', requireAdministrator({ evenWhileDeleting: true }), async (c) =>
    page(
      c,
      { title: 'Delete tenant', active: 'overview' },
      <DeleteTenantPage tenant={await current(c)} form={emptyForm()} />,
    ),
  );

  routes.post('/tenants/:tenantId/delete', requireAdministrator({ evenWhileDeleting: true }), async (c) => {
    const tenant = await current(c);
    return handleForm(c, {
      schema: z.object({
        confirm: z
          .string()
          .trim()
          .toLowerCase()
          .refine((text) => text === tenant.sipDomain, `Type ${tenant.sipDomain}, exactly.`),
      }),
      async accept() {
        await tenants.remove(c.get('actor'), tenant.id);
        return c.redirect(withNotice('/tenants', 'tenant-deleted'), 303);
      },
      refuse: (form, status) =>
        page(
          c,
          { title: 'Delete tenant', active: 'overview', status },
          <DeleteTenantPage tenant={tenant} form={form} />,
        ),
    });
  });

  return routes;
};
