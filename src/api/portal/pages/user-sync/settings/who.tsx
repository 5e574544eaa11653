import type { SyncSettings } from '../../../../../user-sync/index.ts';
import { Choices } from '../../../components/field.tsx';
import type { FormState } from '../../../form.ts';
import { Picker } from './picker.tsx';
import { Section } from './section.tsx';
import { scopeInWords } from './summaries.ts';

const SCOPES = [
  { value: 'all', label: 'All users', hint: 'Everybody in your Google Workspace who is not suspended or archived.' },
  { value: 'only', label: 'Only these users', hint: 'Nobody else gets an extension.' },
  { value: 'except', label: 'All users except these' },
];

export interface WhoProps {
  readonly settings: SyncSettings;
  readonly form: FormState;
  readonly base: string;
}

/** Who is synchronized. */
export const Who = ({ settings, form, base }: WhoProps) => {
  const suggestions = (kind: string) => `${base}/settings/suggestions/${kind}`;
  return (
    <Section
      title="Who is synchronized"
      now={scopeInWords(settings)}
      form={form}
      fields={['scope', 'users', 'groups', 'orgUnits', 'domains']}
    >
      <Choices
        name="scope"
        label="Which users"
        kind="radio"
        choices={SCOPES}
        chosen={[form.values.scope ?? 'all']}
        error={form.errors.scope}
      />
      <Picker
        name="users"
        label="These users"
        aside="one e-mail address a line"
        rows={3}
        value={form.values.users}
        error={form.errors.users}
        suggestionsAt={suggestions('users')}
        searchLabel="Find a user in Google"
      />
      <p class="section-note">
        Narrow it down further, if you like: who is synchronized must then be a member of one of these groups, and stand
        in one of these organizational units, and have an address in one of these domains.
      </p>
      <Picker
        name="groups"
        label="Groups"
        aside="one address a line"
        rows={2}
        hint="Members of groups inside a group count as well."
        value={form.values.groups}
        error={form.errors.groups}
        suggestionsAt={suggestions('groups')}
        searchLabel="Find a group in Google"
      />
      <Picker
        name="orgUnits"
        label="Organizational units"
        aside="one path a line"
        rows={2}
        hint="Such as /Sales. What stands below a unit counts as well."
        value={form.values.orgUnits}
        error={form.errors.orgUnits}
        suggestionsAt={suggestions('org-units')}
        searchLabel="Find a unit in Google"
      />
      <Picker
        name="domains"
        label="Domains"
        aside="one a line"
        rows={2}
        hint="Such as acme.example. Secondary domains of your account count like the first one."
        value={form.values.domains}
        error={form.errors.domains}
        suggestionsAt={suggestions('domains')}
        searchLabel="Find a domain in Google"
      />
    </Section>
  );
};
