import type { ResetPreview } from '../../../../authorization/index.ts';
import { Field } from '../../components/field.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Problem } from '../../components/problem.tsx';
import type { FormState } from '../../form.ts';
import { ConfirmPage } from '../confirm.tsx';

export const DisconnectPage = ({ base, message }: { base: string; message?: string | undefined }) => (
  <ConfirmPage
    title="Disconnect from Google"
    consequence="The access is revoked at Google and forgotten here: no mail is sent and nobody is synchronized until you authorize again. Extension users, bindings, settings and credentials stay."
    action={`${base}/disconnect`}
    button="Disconnect"
    back={{ href: base, label: 'Google Workspace' }}
    message={message}
  />
);

const count = (bindings: number): string => (bindings === 1 ? '1 binding' : `${bindings} bindings`);

export interface ResetPageProps {
  readonly base: string;
  readonly level: 'system' | 'tenant';
  readonly preview: ResetPreview;
  readonly form: FormState;
}

/** Lists what goes before it goes. */
export const ResetPage = ({ base, level, preview, form }: ResetPageProps) => (
  <>
    <PageHead title="Reset the integration" back={{ href: base, label: 'Google Workspace' }} />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action={`${base}/reset`} class="card form danger">
      <p>These go:</p>
      <ul>
        <li>the access to Google, which is revoked there</li>
        <li>
          the company: {preview.customer ?? 'none is connected'}
          {preview.customer && '; another one may be connected afterwards'}
        </li>
        {level === 'tenant' && (
          <>
            <li>{count(preview.bindings)} between Google users and extensions</li>
            <li>what Google told of its people, their photos, and removals that wait for an answer</li>
            <li>the sync mode: {preview.syncMode ?? 'not chosen yet'}</li>
          </>
        )}
      </ul>
      <p>Extension users keep their numbers. The client id and secret stay.</p>
      <Field
        name="confirm"
        label={`Type “${preview.confirmation}” to confirm`}
        required
        spellcheck={false}
        value={form.values.confirm}
        error={form.errors.confirm}
      />
      <div class="form-actions">
        <button type="submit" class="destructive">
          Reset
        </button>
        <a href={base} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);
