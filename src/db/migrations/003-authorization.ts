import { Migration } from '@mikro-orm/migrations';

/** The Google app of each level, its consents under way, and the grants that came of them. */
export class Authorization extends Migration {
  override up(): void {
    this.addSql(`
      create table integrations (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        client_id text,
        client_secret text,
        pinned_customer_id text,
        pinned_hosted_domain text,
        generation int not null default 0 check (generation >= 0),
        disconnected_at timestamptz,
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (tenant_id),
        unique (tenant_id, id),
        check ((client_id is null) = (client_secret is null))
      );

      create table authorization_requests (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        integration_id uuid not null,
        state text not null check (state in ('pending', 'answered', 'exchanging', 'exchanged',
          'authorized', 'refused', 'failed', 'expired', 'superseded', 'cancelled')),
        requested_by text not null,
        redirect_uri text not null,
        scopes text[] not null,
        state_hash text not null unique,
        browser_hash text,
        sealed_state text,
        sealed_code_verifier text,
        sealed_nonce text,
        sealed_code text,
        sealed_tokens text,
        tokens_received_at timestamptz,
        outcome_code text,
        generation int,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        started_at timestamptz,
        settled_at timestamptz,
        unique (tenant_id, id),
        foreign key (tenant_id, integration_id) references integrations (tenant_id, id) on delete cascade,
        check ((settled_at is not null) =
          (state in ('authorized', 'refused', 'failed', 'expired', 'superseded', 'cancelled'))),
        check ((generation is not null) = (state = 'authorized')),
        check ((started_at is null) = (browser_hash is null)),
        constraint settled_requests_hold_no_secrets check (settled_at is null or
          coalesce(sealed_state, sealed_code_verifier, sealed_nonce, sealed_code, sealed_tokens) is null)
      );
      create unique index authorization_requests_one_open on authorization_requests (tenant_id, integration_id)
        where settled_at is null;
      create index authorization_requests_newest on authorization_requests (tenant_id, integration_id, created_at desc);

      create table grants (
        tenant_id uuid not null references tenants on delete cascade,
        id uuid primary key,
        integration_id uuid not null,
        request_id uuid not null,
        generation int not null check (generation > 0),
        google_id text not null,
        email text not null,
        hosted_domain text not null,
        customer_id text,
        scopes text[] not null,
        sealed_refresh_token text,
        refresh_token_expires_at timestamptz,
        sealed_access_token text,
        access_token_hash text,
        access_token_expires_at timestamptz,
        consented_at timestamptz not null,
        refreshed_at timestamptz not null,
        used_at timestamptz not null,
        lease_owner uuid,
        lease_until timestamptz,
        failures int not null default 0,
        failing_since timestamptz,
        failure_code text,
        retry_at timestamptz,
        ended_at timestamptz,
        end_code text,
        unique (tenant_id, id),
        unique (tenant_id, integration_id, generation),
        foreign key (tenant_id, integration_id) references integrations (tenant_id, id) on delete cascade,
        foreign key (tenant_id, request_id) references authorization_requests (tenant_id, id) on delete cascade,
        check ((ended_at is null) = (end_code is null)),
        check (ended_at is not null or sealed_refresh_token is not null),
        check ((sealed_access_token is null) = (access_token_hash is null)),
        check ((sealed_access_token is null) = (access_token_expires_at is null)),
        check ((lease_owner is null) = (lease_until is null)),
        check ((failures = 0) = (failing_since is null))
      );
      create unique index grants_one_live on grants (tenant_id, integration_id) where ended_at is null;
    `);
  }

  override down(): void {
    this.addSql('drop table grants; drop table authorization_requests; drop table integrations;');
  }
}
