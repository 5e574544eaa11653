import { Beneath, describedBy, type FieldFrame } from './field.tsx';

export interface TextAreaProps extends FieldFrame {
  readonly value?: string | undefined;
  readonly rows: number;
  /** Said behind the label, such as what each line holds. */
  readonly aside?: string;
  readonly placeholder?: string;
}

/** Several lines of a form. */
export const TextArea = (props: TextAreaProps) => {
  const { name, label, value, rows, error, aside = 'optional' } = props;
  return (
    <div class="field">
      <label for={name}>
        {label} <span class="field-optional">{aside}</span>
      </label>
      <textarea
        id={name}
        name={name}
        rows={rows}
        spellcheck={false}
        placeholder={props.placeholder}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(props)}
      >
        {value}
      </textarea>
      <Beneath {...props} />
    </div>
  );
};
