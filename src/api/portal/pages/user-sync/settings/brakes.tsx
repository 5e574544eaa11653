import type { SyncSettings } from '../../../../../user-sync/index.ts';
import { Field } from '../../../components/field.tsx';
import type { FormState } from '../../../form.ts';
import { Section } from './section.tsx';
import { brakesInWords } from './summaries.ts';

const Limit = ({ name, label, hint, form }: { name: string; label: string; hint: string; form: FormState }) => (
  <Field
    name={name}
    label={label}
    hint={hint}
    inputmode="numeric"
    value={form.values[name]}
    error={form.errors[name]}
    required
  />
);

/** When a sync holds back or stops, because what it would do is hard to believe. */
export const Brakes = ({ settings, form }: { settings: SyncSettings; form: FormState }) => (
  <Section
    title="Brakes"
    now={brakesInWords(settings)}
    form={form}
    fields={['removalPercent', 'removalFloor', 'removalCap', 'failurePercent', 'failureFloor']}
  >
    <p class="section-note">
      When a sync would disable or delete more than this within 24 hours, it does everything else and asks you about
      those. Nobody is removed unless the whole directory was read.
    </p>
    <div class="field-pair">
      <Limit
        name="removalPercent"
        label="Share of the people, in %"
        hint="More than this share is held back …"
        form={form}
      />
      <Limit name="removalFloor" label="But always allowed" hint="… unless it is no more than this many." form={form} />
    </div>
    <Limit
      name="removalCap"
      label="At most, whatever the share"
      hint="More than this many are held back in any case."
      form={form}
    />
    <p class="section-note">A sync stops when more than both of these fail. What was done stays done.</p>
    <div class="field-pair">
      <Limit name="failurePercent" label="Share that failed, in %" hint="More than this share …" form={form} />
      <Limit name="failureFloor" label="And at least" hint="… and at least this many." form={form} />
    </div>
  </Section>
);
