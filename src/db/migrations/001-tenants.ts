import { Migration } from '@mikro-orm/migrations';
import { SYSTEM_TENANT_ID } from '../../contracts/ids.ts';

/**
 * The system level is a row like any tenant, so that what it owns (integration, administrators, tokens, audit) needs
 * no second shape; it is never listed, changed or deleted as a tenant.
 */
export class Tenants extends Migration {
  override up(): void {
    this.addSql(`
      create table tenants (
        id uuid primary key,
        kind text not null check (kind in ('system', 'customer')),
        name text not null,
        sip_domain text,
        time_zone text not null default 'UTC',
        first_extension bigint not null default 1000,
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check ((kind = 'system') = (id = '${SYSTEM_TENANT_ID}'))
      );
      create unique index tenants_sip_domain on tenants (lower(sip_domain));
      insert into tenants (id, kind, name) values ('${SYSTEM_TENANT_ID}', 'system', 'System');
    `);
  }

  override down(): void {
    this.addSql('drop table tenants;');
  }
}
