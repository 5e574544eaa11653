import type { SyncSettings } from '../../../../../user-sync/index.ts';
import { Field } from '../../../components/field.tsx';
import type { FormState } from '../../../form.ts';
import { Section } from './section.tsx';
import { numbersInWords } from './summaries.ts';

export interface NumbersProps {
  readonly settings: SyncSettings;
  readonly form: FormState;
  readonly firstExtension: number;
}

/** Which numbers new extensions get. */
export const Numbers = ({ settings, form, firstExtension }: NumbersProps) => (
  <Section
    title="Extension numbers"
    now={numbersInWords(settings, firstExtension)}
    form={form}
    fields={['start', 'end', 'quarantineDays']}
  >
    <div class="field-pair">
      <Field
        name="start"
        label="First number"
        inputmode="numeric"
        value={form.values.start}
        error={form.errors.start}
        hint={`Empty: the first free one from ${firstExtension} on.`}
      />
      <Field
        name="end"
        label="Last number"
        inputmode="numeric"
        value={form.values.end}
        error={form.errors.end}
        hint="Empty: no upper end."
      />
    </div>
    <p class="section-note">
      A person keeps the number for good. Numbers that something else answers to, and 555, 666, 777 and 888, are left
      out. When the range is used up, the others wait for a number and are tried again with each sync.
    </p>
    <Field
      name="quarantineDays"
      label="Days that a number is kept after its extension was deleted"
      inputmode="numeric"
      value={form.values.quarantineDays}
      error={form.errors.quarantineDays}
      hint="Whoever comes back within them gets the same number again. 0: others may have it at once."
      required
    />
  </Section>
);
