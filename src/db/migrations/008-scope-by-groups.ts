import { Migration } from '@mikro-orm/migrations';

/** Members of the groups of a scope, as a run read them, and the rules that a run judged by. */
export class ScopeByGroups extends Migration {
  override up(): void {
    this.addSql(`
      alter table sync_runs
        add column people_complete boolean not null default false,
        add column scope_groups text[] not null default '{}',
        add column groups_read int not null default 0,
        add column group_page int not null default 0,
        add column group_page_token text,
        add column rules text,
        add column rules_held boolean not null default false;
      update sync_runs set people_complete = listing_complete;
      alter table sync_runs add constraint sync_runs_listing_is_whole check (
        not listing_complete or (people_complete and groups_read = cardinality(scope_groups)));

      create table group_member_pages (
        tenant_id uuid not null,
        run_id uuid not null,
        group_no int not null,
        page int not null,
        google_ids text[] not null,
        holds_everyone boolean not null,
        read_at timestamptz not null default now(),
        primary key (tenant_id, run_id, group_no, page),
        foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade
      );
    `);
  }

  override down(): void {
    this.addSql(`
      drop table group_member_pages;
      alter table sync_runs drop constraint sync_runs_listing_is_whole, drop column rules_held, drop column rules,
        drop column group_page_token, drop column group_page, drop column groups_read, drop column scope_groups,
        drop column people_complete;
    `);
  }
}
