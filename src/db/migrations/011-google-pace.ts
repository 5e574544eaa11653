import { Migration } from '@mikro-orm/migrations';

/**
 * How far Google's quota is given away, for each Google project and each account. It is worth nothing after a crash, so
 * the tables are unlogged: a turn costs no wait for the disk.
 */
export class GooglePace extends Migration {
  override up(): void {
    this.addSql(`
      create unlogged table google_project_pace (
        project_key text primary key,
        next_at timestamptz not null default now(),
        last_tenant_id uuid,
        paused_until timestamptz,
        refused_at timestamptz,
        refusals int not null default 0
      ) with (fillfactor = 50);

      create unlogged table google_account_pace (
        tenant_id uuid primary key references tenants on delete cascade,
        paused_until timestamptz,
        refused_at timestamptz,
        refusals int not null default 0,
        parallel int not null
      );

      alter table sync_runs add column waiting_until timestamptz, add column waiting_code text;
    `);
  }

  override down(): void {
    this.addSql(`
      alter table sync_runs drop column waiting_until, drop column waiting_code;
      drop table google_account_pace; drop table google_project_pace;
    `);
  }
}
