import { Migration } from '@mikro-orm/migrations';

/** Settings, the directory as last seen, runs with their pages and plans. */
export class UserSync extends Migration {
  override up(): void {
    this.addSql(`
      create table sync_settings (
        tenant_id uuid primary key references tenants on delete cascade,
        mode text check (mode in ('manual', 'automatic')),
        scope jsonb not null,
        number_start bigint,
        number_end bigint,
        photos boolean not null,
        link_by_email boolean not null,
        leavers jsonb not null,
        brakes jsonb not null,
        schedule jsonb not null,
        paused boolean not null,
        version int not null default 1,
        updated_at timestamptz not null default now()
      );

      create table google_users (
        tenant_id uuid not null references tenants on delete cascade,
        google_id text collate "C" not null,
        email text not null,
        profile jsonb not null,
        profile_hash text not null,
        updated_at timestamptz not null default now(),
        primary key (tenant_id, google_id)
      );
      create index google_users_email on google_users (tenant_id, lower(email));

      create table sync_runs (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        trigger text not null check (trigger in ('manual', 'schedule', 'push', 'one-user')),
        requested_by text,
        dry_run boolean not null default false,
        apply_plan_of uuid,
        state text not null check (state in ('reading', 'planning', 'applying', 'photos',
          'waiting-for-authorization', 'succeeded', 'partly', 'failed', 'cancelled')),
        cancel_requested boolean not null default false,
        listing int not null default 0,
        listing_started_at timestamptz,
        listing_complete boolean not null default false,
        next_page_token text,
        pages_read int not null default 0,
        users_read int not null default 0,
        total int not null default 0,
        done int not null default 0,
        failed int not null default 0,
        applied_seq int not null default 0,
        counts jsonb not null default '{}',
        held_removals int not null default 0,
        resumed int not null default 0,
        problem_code text,
        problem_message text,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        planned_at timestamptz,
        finished_at timestamptz,
        unique (tenant_id, id),
        foreign key (tenant_id, apply_plan_of) references sync_runs (tenant_id, id),
        check ((finished_at is not null) = (state in ('succeeded', 'partly', 'failed', 'cancelled')))
      );
      create unique index sync_runs_one_active_per_tenant on sync_runs (tenant_id) where finished_at is null;
      create index sync_runs_newest on sync_runs (tenant_id, created_at desc, id);

      create table directory_pages (
        tenant_id uuid not null,
        run_id uuid not null,
        page int not null,
        google_ids text[] not null,
        read_at timestamptz not null default now(),
        primary key (tenant_id, run_id, page),
        foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade
      );

      create table plan_changes (
        tenant_id uuid not null,
        run_id uuid not null,
        seq int not null,
        google_id text collate "C" not null,
        extension_user_id uuid,
        action text not null check (action in ('create', 'link', 'update', 'disable', 'enable', 'delete', 'skip',
          'conflict', 'waiting-for-number')),
        status text not null check (status in ('planned', 'done', 'failed', 'held')),
        reason text not null,
        email text,
        display_name text,
        extension_number bigint,
        before jsonb,
        after jsonb,
        expected_revision int,
        applied_hash text,
        error_code text,
        error_message text,
        done_at timestamptz,
        primary key (tenant_id, run_id, seq),
        foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade
      );
    `);
  }

  override down(): void {
    this.addSql(`
      drop table plan_changes; drop table directory_pages; drop table sync_runs; drop table google_users;
      drop table sync_settings;
    `);
  }
}
