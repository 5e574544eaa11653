import { Migration } from '@mikro-orm/migrations';

/** Extension users of the PBX, the numbers they share with everything else that can be dialled, and their bindings. */
export class People extends Migration {
  override up(): void {
    this.addSql(`
      create table extension_users (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        extension_number bigint not null check (extension_number between 100 and 9999999999999),
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
        unique (tenant_id, id),
        unique (tenant_id, extension_number),
        check (enabled = (disabled_by is null))
      );
      create index extension_users_email on extension_users (tenant_id, lower(email));

      create table extension_numbers (
        tenant_id uuid not null references tenants on delete cascade,
        number bigint not null check (number between 100 and 9999999999999),
        owner_kind text not null
          check (owner_kind in ('user', 'ring-group', 'queue', 'conference', 'virtual-receptionist', 'other')),
        owner_id uuid,
        label text,
        primary key (tenant_id, number),
        foreign key (tenant_id, owner_id) references extension_users (tenant_id, id) on delete cascade,
        check ((owner_kind = 'user') = (owner_id is not null))
      );
      create index extension_numbers_owner on extension_numbers (tenant_id, owner_id) where owner_id is not null;

      create table bindings (
        tenant_id uuid not null references tenants on delete cascade,
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
    this.addSql('drop table bindings; drop table extension_numbers; drop table extension_users;');
  }
}
