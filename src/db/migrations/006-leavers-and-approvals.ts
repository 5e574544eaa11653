import { Migration } from '@mikro-orm/migrations';

/** What happens to people who leave: when they were disabled, whom a number waits for, removals that wait for a person. */
export class LeaversAndApprovals extends Migration {
  override up(): void {
    this.addSql(`
      alter table tenants add column extension_limit int check (extension_limit >= 0);
      alter table sync_settings add column number_quarantine_days int not null default 90
        check (number_quarantine_days between 0 and 3650);

      alter table bindings add column disabled_at timestamptz, add column rejected_removal text;
      update bindings b set disabled_at = u.updated_at from extension_users u
        where u.tenant_id = b.tenant_id and u.id = b.extension_user_id and u.disabled_by = 'sync';

      create table number_reservations (
        tenant_id uuid not null references tenants on delete cascade,
        google_id text collate "C" not null,
        number bigint not null check (number between 100 and 9999999999999),
        reserved_until timestamptz not null,
        primary key (tenant_id, google_id),
        unique (tenant_id, number)
      );

      create table approvals (
        tenant_id uuid not null,
        id uuid primary key,
        run_id uuid not null,
        state text not null check (state in ('pending', 'approved', 'applied', 'rejected', 'replaced')),
        removals int not null,
        reason text not null check (reason in ('too-many', 'not-previewed')),
        done int not null default 0,
        failed int not null default 0,
        stale int not null default 0,
        created_at timestamptz not null,
        decided_at timestamptz,
        decided_by text,
        ended_at timestamptz,
        unique (tenant_id, id),
        unique (tenant_id, run_id),
        foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade,
        check ((decided_at is null) = (state in ('pending', 'replaced')))
      );
      create unique index approvals_one_pending_per_tenant on approvals (tenant_id) where state = 'pending';
      create index approvals_newest on approvals (tenant_id, created_at desc, id);
      create index plan_changes_person on plan_changes (tenant_id, google_id);
      -- Every row is settled once after it was planned: room on its page spares the indexes a second entry.
      alter table plan_changes set (fillfactor = 70);
    `);
  }

  override down(): void {
    this.addSql(`
      alter table plan_changes reset (fillfactor);
      drop index plan_changes_person; drop table approvals; drop table number_reservations;
      alter table bindings drop column disabled_at, drop column rejected_removal;
      alter table sync_settings drop column number_quarantine_days;
      alter table tenants drop column extension_limit;
    `);
  }
}
