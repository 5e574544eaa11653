import { Migration } from '@mikro-orm/migrations';

/**
 * Numbers of the PBX (one space for users and everything else that can be dialled), extension users, their bindings.
 * A row reaches its tenant through its parent, so that making 100,000 people checks one foreign key a row.
 */
export class People extends Migration {
  override up(): void {
    this.addSql(`
      create table extension_numbers (
        tenant_id uuid not null references tenants on delete cascade,
        number bigint not null check (number between 100 and 9999999999999),
        owner_kind text not null
          check (owner_kind in ('user', 'ring-group', 'queue', 'conference', 'virtual-receptionist', 'other')),
        label text,
        primary key (tenant_id, number)
      );

      create table extension_users (
        tenant_id uuid not null,
        id uuid not null,
        extension_number bigint not null,
        email text,
        display_name text not null check (char_length(display_name) between 1 and 128),
        given_name text,
        family_name text,
        phones jsonb not null default '[]',
        department text,
        title text,
        enabled boolean not null default true,
        disabled_by text check (disabled_by in ('sync', 'administrator')),
        revision int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        unique (tenant_id, extension_number),
        foreign key (tenant_id, extension_number) references extension_numbers (tenant_id, number) on delete cascade,
        check (enabled = (disabled_by is null))
      );
      create index extension_users_email on extension_users (tenant_id, lower(email));

      create table bindings (
        tenant_id uuid not null,
        google_id text collate "C" not null,
        extension_user_id uuid not null,
        origin text not null check (origin in ('created', 'linked', 'hand')),
        applied_hash text,
        applied_revision int,
        created_at timestamptz not null default now(),
        primary key (tenant_id, google_id),
        unique (tenant_id, extension_user_id),
        foreign key (tenant_id, extension_user_id) references extension_users (tenant_id, id) on delete cascade
      );
    `);
  }

  override down(): void {
    this.addSql('drop table bindings; drop table extension_users; drop table extension_numbers;');
  }
}
