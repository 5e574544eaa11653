import type { Child } from 'hono/jsx';
import { PageHead } from '../components/page-head.tsx';
import { Problem } from '../components/problem.tsx';

export interface ConfirmPageProps {
  readonly title: string;
  readonly consequence: Child;
  readonly action: string;
  readonly button: string;
  readonly back: { readonly href: string; readonly label: string };
  readonly message?: string | undefined;
}

/** Asks once more before something that cannot be undone. */
export const ConfirmPage = ({ title, consequence, action, button, back, message }: ConfirmPageProps) => (
  <>
    <PageHead title={title} back={back} />
    {message && <Problem>{message}</Problem>}
    <form method="post" action={action} class="card form danger">
      <p>{consequence}</p>
      <div class="form-actions">
        <button type="submit" class="destructive">
          {button}
        </button>
        <a href={back.href} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);
