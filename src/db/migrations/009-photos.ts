import { Migration } from '@mikro-orm/migrations';

/**
 * Photos: the etag that Google tells with a person, one row for each photo looked at, and each content once. A photo
 * lives with its binding.
 */
export class Photos extends Migration {
  override up(): void {
    this.addSql(`
      alter table google_users add column photo_etag text;
      alter table sync_settings add column large_photos boolean not null default false;
      alter table sync_runs
        add column photos_total int not null default 0,
        add column photos_done int not null default 0,
        add column photos_failed int not null default 0,
        add column photos_problem_code text,
        add column photos_problem_message text;

      create table photo_contents (
        tenant_id uuid not null references tenants on delete cascade,
        content_hash text not null,
        mime text not null check (mime in ('image/jpeg', 'image/png', 'image/gif', 'image/webp')),
        bytes bytea not null check (octet_length(bytes) between 1 and 2097152),
        primary key (tenant_id, content_hash)
      );
      alter table photo_contents alter column bytes set storage external;

      create table photos (
        tenant_id uuid not null references tenants on delete cascade,
        google_id text collate "C" not null,
        etag text,
        content_hash text,
        source text check (source in ('directory', 'people')),
        large_asked boolean not null default false,
        checked_at timestamptz not null,
        failures int not null default 0,
        failed_etag text,
        retry_at timestamptz,
        error_code text,
        error_message text,
        primary key (tenant_id, google_id),
        foreign key (tenant_id, google_id) references bindings (tenant_id, google_id) on delete cascade,
        foreign key (tenant_id, content_hash) references photo_contents (tenant_id, content_hash),
        check ((content_hash is null) = (source is null)),
        check ((failures = 0) = (retry_at is null) and (failures = 0) = (error_code is null))
      );
      create index photos_content on photos (tenant_id, content_hash) where content_hash is not null;
    `);
  }

  override down(): void {
    this.addSql(`
      drop table photos; drop table photo_contents;
      alter table sync_runs drop column photos_total, drop column photos_done, drop column photos_failed,
        drop column photos_problem_code, drop column photos_problem_message;
      alter table sync_settings drop column large_photos;
      alter table google_users drop column photo_etag;
    `);
  }
}
