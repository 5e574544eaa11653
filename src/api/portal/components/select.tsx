import { Beneath, describedBy, type FieldFrame } from './field.tsx';

export interface SelectProps extends FieldFrame {
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: string | undefined;
}

/** One of a few answers, folded. */
export const Select = (props: SelectProps) => {
  const { name, label, choices, chosen, error } = props;
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name} aria-invalid={error ? 'true' : undefined} aria-describedby={describedBy(props)}>
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === chosen}>
            {choice.label}
          </option>
        ))}
      </select>
      <Beneath {...props} />
    </div>
  );
};
