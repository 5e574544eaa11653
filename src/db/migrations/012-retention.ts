import { Migration } from '@mikro-orm/migrations';

/** What finding and deleting old runs needs, so that it costs what it deletes and not what it keeps. */
export class Retention extends Migration {
  override up(): void {
    this.addSql(`
      create index sync_runs_finished on sync_runs (finished_at) where finished_at is not null;
      create index sync_runs_preview on sync_runs (tenant_id, apply_plan_of) where apply_plan_of is not null;
      create index sync_ticks_run on sync_ticks (tenant_id, run_id) where run_id is not null;
      create index sync_ticks_scheduled on sync_ticks (scheduled_for);
    `);
  }

  override down(): void {
    this.addSql(`
      drop index sync_ticks_scheduled; drop index sync_ticks_run; drop index sync_runs_preview;
      drop index sync_runs_finished;
    `);
  }
}
