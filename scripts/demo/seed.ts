import type { Administrator } from '../../tools/administrator/administrator.ts';
import type { Control, SeededCompany } from '../../tools/google-stand-in/index.ts';

/** 262 accounts of which 250 are in use, and a second, smaller company. */
const COMPANIES = [
  {
    domain: 'acme.example',
    name: 'Acme',
    secondaryDomain: 'acme-labs.example',
    people: 262,
    suspended: 8,
    archived: 4,
  },
  { domain: 'borealis.example', name: 'Borealis', people: 40 },
];

/** The same companies, people and OAuth clients at every start; only the redirect URI follows our address. */
export async function seedGoogle(control: Control, publicUrl: string): Promise<SeededCompany[]> {
  const { companies } = await control.seed({ companies: COMPANIES, redirectUris: [`${publicUrl}/google/callback`] });
  return companies;
}

/** A tenant per company with its OAuth client filled in, as far as they are not there yet: connecting is for the visitor. */
export async function seedProduct(administrator: Administrator, companies: readonly SeededCompany[]): Promise<void> {
  const { body } = await administrator.api<{ items: { sipDomain: string }[] }>('GET', '/tenants?limit=500');
  for (const company of companies) {
    const sipDomain = `pbx.${company.domain}`;
    if (body.items.some((tenant) => tenant.sipDomain === sipDomain)) continue;
    const name = COMPANIES.find(({ domain }) => domain === company.domain)?.name ?? company.domain;
    await administrator.saveCredentials(await administrator.createTenant(name, sipDomain), company);
  }
}
