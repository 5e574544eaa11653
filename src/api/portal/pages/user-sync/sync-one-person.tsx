import { Field } from '../../components/field.tsx';
import { Problem } from '../../components/problem.tsx';
import { emptyForm, type FormState } from '../../form.ts';

export interface SyncOnePersonProps {
  readonly base: string;
  /** As it was filled, when it was refused. */
  readonly form?: FormState;
}

/** Brings one person up to date without waiting for the next sync of everybody. */
export const SyncOnePerson = ({ base, form = emptyForm() }: SyncOnePersonProps) => (
  <section aria-labelledby="one-person" class="card one-person">
    <h2 id="one-person">Synchronize one person now</h2>
    {form.message && <Problem title="The person was not synchronized">{form.message}</Problem>}
    <form method="post" action={`${base}/people`}>
      <Field
        name="person"
        label="E-mail address"
        required
        inputmode="email"
        spellcheck={false}
        value={form.values.person}
        error={form.errors.person}
        hint="As in Google; a Google id works as well. A person whom Google does not tell of is left as is."
      />
      <button type="submit" class="secondary outline">
        Synchronize
      </button>
    </form>
  </section>
);
