import type { Child } from 'hono/jsx';

export interface FieldFrame {
  readonly name: string;
  readonly label: string;
  readonly hint?: Child;
  readonly error?: string | undefined;
}

export interface FieldProps extends FieldFrame {
  readonly value?: string | undefined;
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'search' | 'number';
  readonly required?: boolean;
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'email' | 'url';
  readonly placeholder?: string;
  readonly spellcheck?: boolean;
  readonly autofocus?: boolean;
  /** Suggestions; the field still takes anything else. */
  readonly suggestions?: readonly string[];
}

const hintId = (name: string): string => `${name}-hint`;
const errorId = (name: string): string => `${name}-error`;

/** The id of what explains a field, for `aria-describedby`. */
export const describedBy = ({ name, hint, error }: FieldFrame): string | undefined =>
  error ? errorId(name) : hint ? hintId(name) : undefined;

/** What is wrong takes the place of how to fill it: every error says that as well. */
export const Beneath = ({ name, hint, error }: FieldFrame) => {
  if (error) {
    return (
      <p class="field-error" id={errorId(name)}>
        {error}
      </p>
    );
  }
  return hint ? (
    <p class="field-hint" id={hintId(name)}>
      {hint}
    </p>
  ) : null;
};

/** One line of a form: its label, its value, how to fill it, and what is wrong with what was given. */
export const Field = (props: FieldProps) => {
  const { name, label, value, type = 'text', required = false, error, suggestions } = props;
  const listId = suggestions && `${name}-list`;
  return (
    <div class="field">
      <label for={name}>
        {label}
        {!required && <span class="field-optional">optional</span>}
      </label>
      <input
        id={name}
        name={name}
        type={type}
        value={type === 'password' ? undefined : value}
        required={required}
        autocomplete={props.autocomplete ?? 'off'}
        inputmode={props.inputmode}
        placeholder={props.placeholder}
        spellcheck={props.spellcheck}
        autofocus={props.autofocus}
        list={listId}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy(props)}
      />
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((suggestion) => (
            <option value={suggestion} />
          ))}
        </datalist>
      )}
      <Beneath {...props} />
    </div>
  );
};

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export interface ChoicesProps extends FieldFrame {
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  /** One of them (radio) or any number (checkbox). */
  readonly kind: 'radio' | 'checkbox';
}

/** A question with its answers beneath each other. */
export const Choices = (props: ChoicesProps) => {
  const { name, label, choices, chosen, kind, error } = props;
  return (
    <fieldset class="field choices" aria-describedby={describedBy(props)}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label class="choice">
          <input
            type={kind}
            name={name}
            value={choice.value}
            checked={chosen.includes(choice.value)}
            aria-invalid={error ? 'true' : undefined}
          />
          <span>
            <span class="choice-label">{choice.label}</span>
            {choice.hint && <span class="choice-hint">{choice.hint}</span>}
          </span>
        </label>
      ))}
      <Beneath {...props} />
    </fieldset>
  );
};
