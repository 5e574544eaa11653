import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { Problem } from '../components/problem.tsx';
import type { FormState } from '../form.ts';

/** Password sign-in of administrators. `next` is where they wanted to go. */
export const SignInPage = ({ form, next }: { form: FormState; next: string }) => (
  <section class="sign-in">
    <div class="sign-in-head">
      <span class="brand-mark">
        <Icon name="phone" />
      </span>
      <h1>Sign in</h1>
      <p class="muted">Administration of your phone system and its Google Workspace connection</p>
    </div>
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action="/sign-in" class="card">
      <input type="hidden" name="next" value={next} />
      <Field
        name="email"
        label="E-mail"
        type="email"
        autocomplete="username"
        value={form.values.email}
        error={form.errors.email}
        required
        autofocus
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="current-password"
        error={form.errors.password}
        required
      />
      <Field
        name="domain"
        label="SIP domain"
        hint="For administrators of one tenant. Leave it empty to administer the whole system."
        value={form.values.domain}
        error={form.errors.domain}
        autocomplete="organization"
        spellcheck={false}
        inputmode="url"
      />
      <button type="submit">Sign in</button>
    </form>
  </section>
);
