import { TextArea, type TextAreaProps } from '../../../components/text-area.tsx';

export interface PickerProps extends TextAreaProps {
  /** Where suggestions come from; they are asked for only where script runs. */
  readonly suggestionsAt: string;
  readonly searchLabel: string;
}

/** A list of names, one a line. With script, a search beside it adds lines; without, one types or pastes them. */
export const Picker = ({ suggestionsAt, searchLabel, ...area }: PickerProps) => (
  <div class="picker">
    <TextArea {...area} />
    <div class="picker-search" data-with-script hidden>
      <input
        type="search"
        name="q"
        form={`${area.name}-search`}
        aria-label={searchLabel}
        placeholder={searchLabel}
        autocomplete="off"
        hx-get={suggestionsAt}
        hx-trigger="input changed delay:300ms"
        hx-target={`#${area.name}-suggestions`}
      />
      <div id={`${area.name}-suggestions`} class="suggestions" aria-live="polite" data-into={area.name} />
    </div>
  </div>
);

export interface Suggestion {
  /** What is put into the list. */
  readonly value: string;
  readonly label: string;
}

/** What a search found; each is a button that adds it to the list. */
export const Suggestions = ({ found, message }: { found: readonly Suggestion[]; message?: string | undefined }) => (
  <>
    {message && <p class="muted">{message}</p>}
    {found.length > 0 && (
      <ul>
        {found.map(({ value, label }) => (
          <li>
            <button type="button" class="secondary outline" data-add={value}>
              <span>{label}</span>
              {label !== value && <span class="cell-note">{value}</span>}
            </button>
          </li>
        ))}
      </ul>
    )}
  </>
);
