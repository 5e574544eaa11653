import { Migration } from '@mikro-orm/migrations';

/** Schedules as the API names them; what became of each time that a tenant's schedule came round. */
export class Schedules extends Migration {
  override up(): void {
    this.addSql(`
      update sync_settings set schedule = case schedule ->> 'type'
        when 'daily' then jsonb_build_object('daily', schedule -> 'at')
        else jsonb_build_object('every', schedule -> 'minutes') end
        where schedule ? 'type';

      create table sync_ticks (
        tenant_id uuid not null references tenants on delete cascade,
        id text not null,
        scheduled_for timestamptz not null,
        taken_at timestamptz not null,
        outcome text not null check (outcome in ('started', 'skipped', 'refused')),
        run_id uuid,
        code text,
        message text,
        primary key (tenant_id, id),
        foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete set null (run_id),
        check ((outcome = 'started') = (code is null)),
        check ((code is null) = (message is null))
      );
      create index sync_ticks_newest on sync_ticks (tenant_id, scheduled_for desc, id);
      create unique index sync_ticks_one_per_run on sync_ticks (tenant_id, run_id) where outcome = 'started';
      create index sync_runs_scheduled on sync_runs (tenant_id, created_at desc) where trigger = 'schedule';
    `);
  }

  override down(): void {
    this.addSql(`
      drop index sync_runs_scheduled; drop table sync_ticks;
      update sync_settings set schedule = case when schedule ? 'daily'
        then jsonb_build_object('type', 'daily', 'at', schedule -> 'daily')
        else jsonb_build_object('type', 'every', 'minutes', schedule -> 'every') end;
    `);
  }
}
