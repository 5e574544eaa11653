import type { SyncSettings } from '../../../../../user-sync/index.ts';
import type { FormState } from '../../../form.ts';
import { Section } from './section.tsx';
import { takenOverInWords } from './summaries.ts';

const Switch = (props: { name: string; label: string; hint: string; form: FormState }) => (
  <label class="choice">
    <input type="checkbox" name={props.name} value="on" checked={props.form.values[props.name] === 'on'} />
    <span>
      <span class="choice-label">{props.label}</span>
      <span class="choice-hint">{props.hint}</span>
    </span>
  </label>
);

/** How people are matched, and what comes along besides their names. */
export const TakenOver = ({ settings, form }: { settings: SyncSettings; form: FormState }) => (
  <Section title="Matching and photos" now={takenOverInWords(settings)} form={form} fields={[]}>
    <Switch
      name="linkByEmail"
      label="Match Google and PBX users by e-mail address"
      hint="An extension that has a person’s address already is linked instead of doubled. Off: such a person is told as a conflict."
      form={form}
    />
    <Switch
      name="photos"
      label="Take over photos"
      hint="After everything else, and never at its expense. Only photos that changed are fetched."
      form={form}
    />
    <Switch
      name="largePhotos"
      label="Larger photos"
      hint="Counts with photos only. Google shows larger ones once it is asked for one more access: save, then complete the authorization again in the tab Permissions."
      form={form}
    />
  </Section>
);
