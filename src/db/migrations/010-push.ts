import { Migration } from '@mikro-orm/migrations';

/** Runs for a few people, and the channels through which Google tells of changes. */
export class Push extends Migration {
  override up(): void {
    this.addSql(`
      alter table sync_runs add column partial boolean not null default false,
        add constraint sync_runs_partial_by_trigger check (partial = (trigger in ('push', 'one-user'))),
        add constraint sync_runs_partial_is_plain check (
          not partial or (not dry_run and apply_plan_of is null and not listing_complete));

      drop index sync_runs_one_active_per_tenant;
      create unique index sync_runs_one_full_per_tenant on sync_runs (tenant_id)
        where finished_at is null and not partial;
      create unique index sync_runs_one_collecting_per_tenant on sync_runs (tenant_id)
        where partial and started_at is null and finished_at is null and not cancel_requested;

      create table run_people (
        tenant_id uuid not null,
        run_id uuid not null,
        person_key text collate "C" not null,
        outcome text check (outcome in ('read', 'absent', 'other-company')),
        primary key (tenant_id, run_id, person_key),
        foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade
      );

      create table push_channels (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        event text not null check (event in ('add', 'update', 'undelete')),
        generation int not null check (generation > 0),
        state text not null check (state in ('opening', 'open', 'stopping')),
        token_hash text not null,
        resource_id text,
        begun_at timestamptz not null,
        expires_at timestamptz,
        proven_at timestamptz,
        unique (tenant_id, id),
        unique (tenant_id, event, generation),
        check (state = 'opening' or resource_id is not null),
        check (state <> 'open' or expires_at is not null)
      );
      create unique index push_channels_one_open on push_channels (tenant_id, event) where state = 'open';

      create table push_upkeep (
        tenant_id uuid primary key references tenants on delete cascade,
        problem_code text,
        problem_message text,
        failures int not null default 0,
        due_at timestamptz not null,
        check ((problem_code is null) = (problem_message is null))
      );
    `);
  }

  override down(): void {
    this.addSql(`
      drop table push_upkeep; drop table push_channels; drop table run_people;
      delete from sync_runs where partial;
      drop index sync_runs_one_collecting_per_tenant; drop index sync_runs_one_full_per_tenant;
      create unique index sync_runs_one_active_per_tenant on sync_runs (tenant_id) where finished_at is null;
      alter table sync_runs drop column partial;
    `);
  }
}
