import type { PropsWithChildren } from 'hono/jsx';
import type { FormState } from '../../../form.ts';

export interface SectionProps {
  readonly title: string;
  /** What stands there now, in one line. */
  readonly now: string;
  readonly form: FormState;
  /** The fields inside: one that is refused opens the section. */
  readonly fields: readonly string[];
}

/** A part of a long form, folded to its title and what it holds now. */
export const Section = ({ title, now, form, fields, children }: PropsWithChildren<SectionProps>) => {
  const refused = fields.some((field) => form.errors[field] !== undefined);
  return (
    <details class="section" open={refused}>
      <summary>
        <span class="section-title">{title}</span>
        <span class="section-now">{now}</span>
      </summary>
      <div class="section-body">{children}</div>
    </details>
  );
};
