import { Migration } from '@mikro-orm/migrations';

/** Who may act on a level (administrators, API tokens), their portal sessions, and the record of what they did. */
export class Access extends Migration {
  override up(): void {
    this.addSql(`
      alter table tenants add column state text not null default 'active' check (state in ('active', 'deleting'));
      alter table tenants add check (kind = 'customer' or state = 'active');
      alter table tenants add check (first_extension between 100 and 9999999999999);
      create index tenants_by_name on tenants (name, id) where kind = 'customer';

      create table administrators (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        email text not null check (char_length(email) between 3 and 254),
        display_name text not null check (char_length(display_name) between 1 and 128),
        password_hash text not null,
        last_signed_in_at timestamptz,
        created_at timestamptz not null,
        unique (tenant_id, id)
      );
      create unique index administrators_email on administrators (tenant_id, lower(email));

      create table api_tokens (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        name text not null check (char_length(name) between 1 and 128),
        prefix text not null,
        token_hash text not null unique,
        scopes text[] not null check (scopes <@ '{events:write,read,admin}' and cardinality(scopes) > 0),
        created_by text not null,
        created_at timestamptz not null,
        last_used_at timestamptz,
        unique (tenant_id, id)
      );

      create table portal_sessions (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        administrator_id uuid not null,
        token_hash text not null unique,
        ip text not null,
        user_agent text not null,
        created_at timestamptz not null,
        last_seen_at timestamptz not null,
        unique (tenant_id, id),
        foreign key (tenant_id, administrator_id) references administrators (tenant_id, id) on delete cascade
      );
      create index portal_sessions_administrator on portal_sessions (tenant_id, administrator_id);
      create index portal_sessions_created on portal_sessions (created_at);

      create table audit_entries (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        at timestamptz not null,
        actor_kind text not null check (actor_kind in ('administrator', 'api-token', 'bootstrap')),
        actor_id text not null,
        actor_name text not null,
        actor_tenant_id uuid not null,
        ip text,
        action text not null,
        target_kind text not null,
        target_id text not null,
        target_name text not null,
        details jsonb not null,
        unique (tenant_id, id)
      );
      create index audit_entries_newest on audit_entries (tenant_id, at desc, id desc);

      create unlogged table sign_in_attempts (
        key varchar(255) primary key,
        points integer not null,
        expire bigint
      );
    `);
  }

  override down(): void {
    this.addSql(`
      drop table sign_in_attempts; drop table audit_entries; drop table portal_sessions; drop table api_tokens;
      drop table administrators;
      drop index tenants_by_name;
      alter table tenants drop column state cascade, drop constraint tenants_first_extension_check;
    `);
  }
}
