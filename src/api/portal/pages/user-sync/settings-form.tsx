import type { SyncSettings } from '../../../../user-sync/index.ts';
import { Choices } from '../../components/field.tsx';
import { Problem } from '../../components/problem.tsx';
import type { FormState } from '../../form.ts';
import { Brakes } from './settings/brakes.tsx';
import { Leavers } from './settings/leavers.tsx';
import { Numbers } from './settings/numbers.tsx';
import { Schedule } from './settings/schedule.tsx';
import { TakenOver } from './settings/taken-over.tsx';
import { Who } from './settings/who.tsx';

const MODES = [
  {
    value: 'automatic',
    label: 'Automatic',
    hint: 'Runs on a schedule, and takes up single changes as soon as Google tells of them. You can start a sync at any time as well.',
  },
  {
    value: 'manual',
    label: 'Manual',
    hint: 'You start each sync, and may bind Google users to extensions by hand. Nothing runs by itself.',
  },
];

const Mode = ({ settings, form }: { settings: SyncSettings; form: FormState }) =>
  settings.mode ? (
    <p class="mode">
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
  readonly base: string;
  readonly settings: SyncSettings;
  readonly form: FormState;
  readonly firstExtension: number;
  readonly timeZone: string;
}

/** Everything an administrator decides about user sync. */
export const SettingsForm = ({ base, settings, form, firstExtension, timeZone }: SettingsFormProps) => {
  const isFirst = settings.mode === null;
  return (
    <form method="post" action={`${base}/settings`} class="card form settings" id="settings">
      {isFirst && <h2>Settings</h2>}
      {form.message && <Problem>{form.message}</Problem>}
      {Object.keys(form.errors).length > 0 && (
        <Problem>Nothing was saved yet. Mend what is marked below, then save again.</Problem>
      )}
      <input type="hidden" name="version" value={form.values.version ?? String(settings.version)} />
      <Mode settings={settings} form={form} />
      <Who settings={settings} form={form} base={base} />
      <Numbers settings={settings} form={form} firstExtension={firstExtension} />
      <TakenOver settings={settings} form={form} />
      <Leavers settings={settings} form={form} />
      <Brakes settings={settings} form={form} />
      {settings.mode !== 'manual' && <Schedule settings={settings} form={form} tenantTimeZone={timeZone} />}
      <div class="form-actions">
        <button type="submit">Save settings</button>
        {!isFirst && (
          <a href={base} class="button secondary outline">
            Cancel
          </a>
        )}
      </div>
    </form>
  );
};
