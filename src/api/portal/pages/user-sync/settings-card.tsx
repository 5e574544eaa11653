import type { SyncSettings } from '../../../../user-sync/index.ts';
import {
  brakesInWords,
  leaversInWords,
  numbersInWords,
  scheduleInWords,
  scopeInWords,
  takenOverInWords,
} from './settings/summaries.ts';

export interface SettingsCardProps {
  readonly base: string;
  readonly settings: SyncSettings;
  readonly firstExtension: number;
  readonly timeZone: string;
}

/** The settings as they are, in a line each. */
export const SettingsCard = ({ base, settings, firstExtension, timeZone }: SettingsCardProps) => {
  const facts = [
    ['Mode', settings.mode === 'manual' ? 'Manual' : 'Automatic'],
    ['Schedule', scheduleInWords(settings, timeZone)],
    ['Who', scopeInWords(settings)],
    ['Numbers', numbersInWords(settings, firstExtension)],
    ['Matching', takenOverInWords(settings)],
    ['Leavers', leaversInWords(settings)],
    ['Brakes', brakesInWords(settings)],
  ] as const;
  return (
    <section class="card" aria-labelledby="settings">
      <div class="section-head">
        <h2 id="settings">Settings</h2>
        <a href={`${base}/settings`} class="button secondary outline">
          Change settings
        </a>
      </div>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};
