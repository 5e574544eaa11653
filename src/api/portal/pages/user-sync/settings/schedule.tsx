import type { SyncSettings } from '../../../../../user-sync/index.ts';
import { Field } from '../../../components/field.tsx';
import type { FormState } from '../../../form.ts';
import { Section } from './section.tsx';
import { scheduleInWords } from './summaries.ts';

const UNITS = ['minutes', 'hours', 'days'] as const;

export interface ScheduleProps {
  readonly settings: SyncSettings;
  readonly form: FormState;
  readonly tenantTimeZone: string;
}

const Daily = ({ form }: { form: FormState }) => (
  <label class="choice">
    <input type="radio" name="rhythm" value="daily" checked={form.values.rhythm !== 'every'} />
    <span class="rhythm">
      <span class="choice-label">Each day at</span>
      <input
        type="time"
        name="daily"
        value={form.values.daily}
        aria-label="Time of day"
        aria-invalid={form.errors.daily ? 'true' : undefined}
        aria-describedby={form.errors.daily ? 'daily-error' : undefined}
      />
    </span>
  </label>
);

const Every = ({ form }: { form: FormState }) => (
  <label class="choice">
    <input type="radio" name="rhythm" value="every" checked={form.values.rhythm === 'every'} />
    <span class="rhythm">
      <span class="choice-label">Every</span>
      <input
        name="every"
        inputmode="numeric"
        autocomplete="off"
        value={form.values.every}
        aria-label="How many"
        aria-invalid={form.errors.every ? 'true' : undefined}
        aria-describedby={form.errors.every ? 'every-error' : undefined}
      />
      <select name="everyUnit" aria-label="Minutes, hours or days">
        {UNITS.map((unit) => (
          <option value={unit} selected={unit === form.values.everyUnit}>
            {unit}
          </option>
        ))}
      </select>
    </span>
  </label>
);

/** When automatic syncs begin. */
export const Schedule = ({ settings, form, tenantTimeZone }: ScheduleProps) => (
  <Section
    title="Schedule"
    now={scheduleInWords(settings, tenantTimeZone)}
    form={form}
    fields={['rhythm', 'daily', 'every', 'timeZone']}
  >
    {settings.mode === null && <p class="section-note">Counts in the automatic mode only.</p>}
    <fieldset class="field choices">
      <legend>When a sync begins</legend>
      <Daily form={form} />
      {form.errors.daily && (
        <p class="field-error" id="daily-error">
          {form.errors.daily}
        </p>
      )}
      <Every form={form} />
      {form.errors.every && (
        <p class="field-error" id="every-error">
          {form.errors.every}
        </p>
      )}
      <p class="field-hint">From every 15 minutes to once in 7 days. It begins within a few minutes of that time.</p>
    </fieldset>
    <Field
      name="timeZone"
      label="Time zone"
      value={form.values.timeZone}
      error={form.errors.timeZone}
      hint={`Empty: ${tenantTimeZone}, as set for this tenant.`}
      suggestions={['UTC', ...Intl.supportedValuesOf('timeZone')]}
    />
  </Section>
);
