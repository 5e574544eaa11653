import type { TenantView } from '../../../tenants/index.ts';
import { Badge } from '../components/badge.tsx';
import { Empty } from '../components/empty.tsx';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';
import { Problem } from '../components/problem.tsx';
import { Time } from '../components/time.tsx';
import type { FormState } from '../form.ts';

export interface TenantsPageProps {
  readonly tenants: readonly TenantView[];
  readonly search: string;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

const StateBadge = ({ state }: Pick<TenantView, 'state'>) =>
  state === 'active' ? <Badge tone="good">Active</Badge> : <Badge tone="warning">Being deleted</Badge>;

const NoTenants = ({ search }: { search: string }) =>
  search ? (
    <Empty icon="building" title={`No tenant matches “${search}”`}>
      <p>
        <a href="/tenants">Show all tenants</a>
      </p>
    </Empty>
  ) : (
    <Empty icon="building" title="No tenants yet">
      <p>A tenant is one customer of the phone system: its SIP domain, its people, its Google Workspace.</p>
      <p>
        <a class="button" href="/tenants/new">
          Add the first tenant
        </a>
      </p>
    </Empty>
  );

export const TenantsPage = ({ tenants, search, nextCursor, isFirst }: TenantsPageProps) => (
  <>
    <PageHead title="Tenants" lead="The customers of this phone system.">
      <a class="button" href="/tenants/new">
        <Icon name="plus" />
        Add tenant
      </a>
    </PageHead>
    {(tenants.length > 0 || search) && (
      <search>
        <form method="get" action="/tenants" class="search">
          <input type="search" name="q" value={search} placeholder="Name or SIP domain" aria-label="Search tenants" />
          <button type="submit" class="secondary outline">
            Search
          </button>
        </form>
      </search>
    )}
    {tenants.length === 0 ? (
      <NoTenants search={search} />
    ) : (
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">SIP domain</th>
              <th scope="col">Time zone</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {tenants.map((tenant) => (
              <tr>
                <th scope="row">
                  <a href={`/tenants/${tenant.id}`}>{tenant.name}</a>
                </th>
                <td data-label="SIP domain">{tenant.sipDomain}</td>
                <td data-label="Time zone">{tenant.timeZone}</td>
                <td data-label="State">
                  <StateBadge state={tenant.state} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
    <Pager path="/tenants" query={search ? { q: search } : {}} nextCursor={nextCursor} isFirst={isFirst} />
  </>
);

const TenantFields = ({ form }: { form: FormState }) => (
  <>
    <Field name="name" label="Name" value={form.values.name} error={form.errors.name} required autofocus />
    <Field
      name="sipDomain"
      label="SIP domain"
      hint="Such as acme.pbx.example.com. Phones register with it, and administrators give it when they sign in."
      value={form.values.sipDomain}
      error={form.errors.sipDomain}
      spellcheck={false}
      inputmode="url"
      required
    />
    <Field
      name="timeZone"
      label="Time zone"
      hint="Scheduled work runs by this clock."
      value={form.values.timeZone}
      error={form.errors.timeZone}
      suggestions={['UTC', ...Intl.supportedValuesOf('timeZone')]}
      required
    />
    <Field
      name="firstExtension"
      label="First extension number"
      hint="New people get numbers from here on, unless a range is set for the sync. 3 to 13 digits."
      value={form.values.firstExtension}
      error={form.errors.firstExtension}
      inputmode="numeric"
      required
    />
    <Field
      name="extensionLimit"
      label="Licensed users"
      hint="How many extension users this tenant may have. Empty: no limit. Whoever is too many waits, and is told about."
      value={form.values.extensionLimit}
      error={form.errors.extensionLimit}
      inputmode="numeric"
    />
  </>
);

export const NewTenantPage = ({ form }: { form: FormState }) => (
  <>
    <PageHead title="Add a tenant" back={{ href: '/tenants', label: 'Tenants' }} />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action="/tenants/new" class="card form">
      <TenantFields form={form} />
      <div class="form-actions">
        <button type="submit">Add tenant</button>
        <a href="/tenants" class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);

const NextSteps = ({ base }: { base: string }) => (
  <section class="card" aria-labelledby="next-steps">
    <h2 id="next-steps">From Google Workspace to extensions</h2>
    <ol class="steps">
      <li>
        <a href={`${base}/google-workspace`}>Connect Google Workspace</a>
        <span>Register the app at Google and let an administrator there agree.</span>
      </li>
      <li>
        <a href={`${base}/google-workspace/user-sync`}>Choose how people become extensions</a>
        <span>Who, with which numbers, and what happens when somebody leaves.</span>
      </li>
      <li>
        <a href={`${base}/users`}>See the people</a>
        <span>Each with number, e-mail and the Google account it belongs to.</span>
      </li>
    </ol>
  </section>
);

export const TenantPage = ({ tenant, isSystem }: { tenant: TenantView; isSystem: boolean }) => {
  const base = `/tenants/${tenant.id}`;
  return (
    <>
      <PageHead title={tenant.name} lead={tenant.sipDomain}>
        {isSystem && tenant.state === 'active' && (
          <a href={`${base}/settings`} class="button secondary outline">
            Edit
          </a>
        )}
      </PageHead>
      {tenant.state === 'deleting' && (
        <Problem tone="warning" title="This tenant is being deleted">
          <p>Nothing new starts for it. If this page stays, the last try was interrupted.</p>
          {isSystem && <a href={`${base}/delete`}>Go on deleting</a>}
        </Problem>
      )}
      {tenant.state === 'active' && <NextSteps base={base} />}
      <section class="card" aria-labelledby="facts">
        <h2 id="facts">About this tenant</h2>
        <dl class="facts">
          <div>
            <dt>State</dt>
            <dd>
              <StateBadge state={tenant.state} />
            </dd>
          </div>
          <div>
            <dt>SIP domain</dt>
            <dd>{tenant.sipDomain}</dd>
          </div>
          <div>
            <dt>Time zone</dt>
            <dd>{tenant.timeZone}</dd>
          </div>
          <div>
            <dt>First extension number</dt>
            <dd>{tenant.firstExtension}</dd>
          </div>
          <div>
            <dt>Licensed users</dt>
            <dd>{tenant.extensionLimit?.toLocaleString('en') ?? 'no limit'}</dd>
          </div>
          <div>
            <dt>Added</dt>
            <dd>
              <Time at={tenant.createdAt} timeZone={tenant.timeZone} />
            </dd>
          </div>
        </dl>
      </section>
    </>
  );
};

export const TenantSettingsPage = ({ tenant, form }: { tenant: TenantView; form: FormState }) => {
  const base = `/tenants/${tenant.id}`;
  return (
    <>
      <PageHead title="Edit tenant" back={{ href: base, label: tenant.name }} />
      {form.message && <Problem>{form.message}</Problem>}
      <form method="post" action={`${base}/settings`} class="card form">
        <input type="hidden" name="version" value={form.values.version} />
        <TenantFields form={form} />
        <div class="form-actions">
          <button type="submit">Save</button>
          <a href={base} class="button secondary outline">
            Cancel
          </a>
        </div>
      </form>
      <section class="card danger" aria-labelledby="delete">
        <h2 id="delete">Delete this tenant</h2>
        <p>Its people, numbers, Google connection, administrators and tokens go with it.</p>
        <a href={`${base}/delete`} class="button outline destructive">
          Delete tenant…
        </a>
      </section>
    </>
  );
};

export const DeleteTenantPage = ({ tenant, form }: { tenant: TenantView; form: FormState }) => {
  const base = `/tenants/${tenant.id}`;
  return (
    <>
      <PageHead title={`Delete ${tenant.name}?`} back={{ href: base, label: tenant.name }} />
      {form.message && <Problem>{form.message}</Problem>}
      <form method="post" action={`${base}/delete`} class="card form danger">
        <p>
          This removes every extension user, number, sync run, administrator and API token of this tenant, ends its
          workflows and gives its Google tokens back. It cannot be undone.
        </p>
        <Field
          name="confirm"
          label={`Type ${tenant.sipDomain} to confirm`}
          value={form.values.confirm}
          error={form.errors.confirm}
          spellcheck={false}
          required
        />
        <div class="form-actions">
          <button type="submit" class="destructive">
            Delete tenant
          </button>
          <a href={base} class="button secondary outline">
            Keep it
          </a>
        </div>
      </form>
    </>
  );
};
