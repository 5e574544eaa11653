import type { SyncSettings } from '../../../../../user-sync/index.ts';
import type { FormState } from '../../../form.ts';
import type { LeaverField } from '../../../user-sync-settings-input.ts';
import { Section } from './section.tsx';
import { leaversInWords } from './summaries.ts';

const KINDS: readonly { readonly name: LeaverField; readonly label: string }[] = [
  { name: 'suspended', label: 'Suspended in Google' },
  { name: 'archived', label: 'Archived in Google' },
  { name: 'deleted', label: 'Deleted in Google' },
  { name: 'outOfScope', label: 'No longer among those chosen' },
];

const POLICIES = [
  { value: 'disable', label: 'Disable' },
  { value: 'delete', label: 'Disable, then delete' },
  { value: 'keep', label: 'Leave it as it is' },
];

const Kind = ({ name, label, form }: { name: LeaverField; label: string; form: FormState }) => {
  const days = `${name}Days`;
  const error = form.errors[name];
  return (
    <fieldset class="leaver" aria-describedby={error ? `${days}-error` : undefined}>
      <legend>{label}</legend>
      <select
        name={name}
        aria-label={`${label}: what happens`}
        aria-invalid={error && form.values[name] !== 'delete' ? 'true' : undefined}
      >
        {POLICIES.map((policy) => (
          <option value={policy.value} selected={policy.value === (form.values[name] ?? 'disable')}>
            {policy.label}
          </option>
        ))}
      </select>
      <label class="leaver-days">
        <span>after</span>
        <input
          name={days}
          inputmode="numeric"
          autocomplete="off"
          value={form.values[days]}
          aria-label={`${label}: days until it is deleted`}
          aria-invalid={error && form.values[name] === 'delete' ? 'true' : undefined}
        />
        <span>days</span>
      </label>
      {error && (
        <p class="field-error" id={`${days}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
};

/** What happens to the extensions of people who leave. */
export const Leavers = ({ settings, form }: { settings: SyncSettings; form: FormState }) => (
  <Section
    title="When somebody leaves"
    now={leaversInWords(settings)}
    form={form}
    fields={KINDS.map(({ name }) => name)}
  >
    <p class="section-note">
      A disabled extension keeps number, voicemail and settings, and is enabled again when the person is back. A deleted
      one is gone with all of that. Days count only where you choose to delete.
    </p>
    {KINDS.map(({ name, label }) => (
      <Kind name={name} label={label} form={form} />
    ))}
  </Section>
);
