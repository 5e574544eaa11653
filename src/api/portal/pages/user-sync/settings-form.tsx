import type { SyncSettings } from '../../../../user-sync/index.ts';
import { Choices, Field } from '../../components/field.tsx';
import { Problem } from '../../components/problem.tsx';
import type { FormState } from '../../form.ts';

const SCOPES = [
  { value: 'all', label: 'All users', hint: 'Everybody in your Google Workspace.' },
  { value: 'only', label: 'Only these users', hint: 'Nobody else gets an extension.' },
  { value: 'except', label: 'All users except these' },
];

const MODES = [
  { value: 'manual', label: 'Manual', hint: 'You start each sync.' },
  {
    value: 'automatic',
    label: 'Automatic',
    hint: 'Meant for runs on a schedule. Schedules are not in this version yet; until then you start each sync here.',
  },
];

const LEAVERS = [
  { name: 'suspended', label: 'Suspended in Google' },
  { name: 'archived', label: 'Archived in Google' },
  { name: 'deleted', label: 'Deleted in Google' },
  { name: 'outOfScope', label: 'No longer among the people chosen above' },
] as const;

/** The settings as texts of a form. */
export const settingsValues = (settings: SyncSettings): Record<string, string> => ({
  mode: settings.mode ?? '',
  scope: settings.scope.type,
  users: settings.scope.users.join('\n'),
  start: settings.extensionNumbers.start?.toString() ?? '',
  end: settings.extensionNumbers.end?.toString() ?? '',
  linkByEmail: settings.linkByEmail ? 'on' : '',
  version: String(settings.version),
  ...Object.fromEntries(LEAVERS.map(({ name }) => [name, settings.leavers[name] === 'keep' ? 'keep' : 'disable'])),
});

const Mode = ({ settings, form }: { settings: SyncSettings; form: FormState }) =>
  settings.mode ? (
    <p>
      <strong>Sync mode:</strong> {settings.mode === 'manual' ? 'Manual' : 'Automatic'}{' '}
      <span class="muted">(chosen once; only Reset in the tab Permissions changes it)</span>
    </p>
  ) : (
    <>
      <Choices
        name="mode"
        label="Sync mode"
        kind="radio"
        choices={MODES}
        chosen={[form.values.mode ?? '']}
        error={form.errors.mode}
      />
      <Problem tone="info">
        The mode is chosen once. Afterwards only Reset changes it, and Reset drops all bindings.
      </Problem>
    </>
  );

export interface SettingsFormProps {
  readonly settings: SyncSettings;
  readonly form: FormState;
  readonly action: string;
  readonly firstExtension: number;
}

/** Everything an administrator decides about user sync. */
export const SettingsForm = ({ settings, form, action, firstExtension }: SettingsFormProps) => (
  <form method="post" action={action} class="card form" id="settings">
    <h2>Settings</h2>
    {form.message && <Problem>{form.message}</Problem>}
    <input type="hidden" name="version" value={form.values.version ?? String(settings.version)} />
    <Mode settings={settings} form={form} />
    <Choices
      name="scope"
      label="Who is synchronized"
      kind="radio"
      choices={SCOPES}
      chosen={[form.values.scope ?? 'all']}
      error={form.errors.scope}
    />
    <div class="field">
      <label for="users">
        These users <span class="field-optional">one e-mail address a line</span>
      </label>
      <textarea
        id="users"
        name="users"
        rows={3}
        spellcheck={false}
        aria-invalid={form.errors.users ? 'true' : undefined}
      >
        {form.values.users}
      </textarea>
      {form.errors.users && <p class="field-error">{form.errors.users}</p>}
    </div>
    <div class="field-pair">
      <Field
        name="start"
        label="First extension number"
        inputmode="numeric"
        value={form.values.start}
        error={form.errors.start}
        hint={`Empty: the first free one from ${firstExtension} on.`}
      />
      <Field
        name="end"
        label="Last extension number"
        inputmode="numeric"
        value={form.values.end}
        error={form.errors.end}
        hint="Empty: no upper end."
      />
    </div>
    <label class="choice">
      <input type="checkbox" name="linkByEmail" value="on" checked={form.values.linkByEmail === 'on'} />
      <span>
        <span class="choice-label">Match Google and PBX users by e-mail address</span>
        <span class="choice-hint">An extension that has a person’s address already is linked instead of doubled.</span>
      </span>
    </label>
    <details>
      <summary>When somebody leaves</summary>
      <p class="muted">
        Disabled extensions keep number, voicemail and settings, and are enabled again when the person is back.
      </p>
      {LEAVERS.map(({ name, label }) => (
        <div class="field field-inline">
          <label for={name}>{label}</label>
          <select id={name} name={name}>
            <option value="disable" selected={form.values[name] !== 'keep'}>
              Disable the extension
            </option>
            <option value="keep" selected={form.values[name] === 'keep'}>
              Keep it as it is
            </option>
          </select>
        </div>
      ))}
      <p class="muted">
        Removals are held back when they are more than {settings.brakes.removalPercent} % of the people (and more than{' '}
        {settings.brakes.removalFloor}), or more than {settings.brakes.removalCap}, within 24 hours.
      </p>
    </details>
    <button type="submit">Save settings</button>
  </form>
);
