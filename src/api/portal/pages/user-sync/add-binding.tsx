import type { Person } from '../../../../people/index.ts';
import type { DirectoryPerson } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Problem } from '../../components/problem.tsx';
import type { FormState } from '../../form.ts';

export interface AddBindingProps {
  /** Of the page of all bindings. */
  readonly path: string;
  readonly q: string | undefined;
  readonly extension: string | undefined;
  /** Undefined: nobody was searched for yet. */
  readonly people: readonly DirectoryPerson[] | undefined;
  readonly extensions: readonly Person[];
  readonly problem: string | undefined;
  readonly form: FormState;
}

const SearchForm = ({ path, q, extension }: Pick<AddBindingProps, 'path' | 'q' | 'extension'>) => (
  <search>
    <form method="get" action={`${path}/new`} class="search">
      <input
        type="search"
        name="q"
        value={q}
        required
        minlength={2}
        placeholder="Person: beginning of a name or an e-mail"
        aria-label="Person: beginning of a name or an e-mail address"
      />
      <input
        type="search"
        name="extension"
        value={extension}
        placeholder="Extension: name, e-mail or number"
        aria-label="Extension: part of a name, an e-mail address or a number"
      />
      <button type="submit">Search</button>
    </form>
  </search>
);

const PersonChoice = ({ person, chosen }: { person: DirectoryPerson; chosen: string | undefined }) => (
  <label class="choice">
    <input
      type="radio"
      name="googleId"
      value={person.googleId}
      required
      checked={chosen === person.googleId}
      disabled={person.boundTo !== null}
    />
    <span>
      <span class="choice-label" dir="auto">
        {person.name || person.email}
      </span>
      <span class="choice-hint">
        {person.email}
        {person.boundTo && ` · has the extension ${person.boundTo.extensionNumber}`}{' '}
        {person.suspended && <Badge tone="warning">Suspended in Google</Badge>}
      </span>
    </span>
  </label>
);

const ExtensionChoice = ({ extension, chosen }: { extension: Person; chosen: string | undefined }) => (
  <label class="choice">
    <input type="radio" name="userId" value={extension.id} required checked={chosen === extension.id} />
    <span>
      <span class="choice-label" dir="auto">
        {extension.extensionNumber} {extension.displayName}
      </span>
      <span class="choice-hint">{extension.email}</span>
    </span>
  </label>
);

const Choose = ({ path, q, extension, people, extensions, form }: AddBindingProps) => (
  <form method="post" action={path} class="card form">
    <input type="hidden" name="q" value={q} />
    <input type="hidden" name="extension" value={extension} />
    <fieldset>
      <legend>Person in Google</legend>
      {people?.map((person) => (
        <PersonChoice person={person} chosen={form.values.googleId} />
      ))}
      {form.errors.googleId && <p class="field-error">{form.errors.googleId}</p>}
    </fieldset>
    <fieldset>
      <legend>Extension without a person</legend>
      {extensions.map((each) => (
        <ExtensionChoice extension={each} chosen={form.values.userId} />
      ))}
      {extensions.length === 0 && <p class="muted">No extension without a person matches. Search for another one.</p>}
      {form.errors.userId && <p class="field-error">{form.errors.userId}</p>}
    </fieldset>
    <button type="submit" disabled={extensions.length === 0}>
      Bind
    </button>
  </form>
);

/** Searches the directory, then binds one person to one extension. Two plain forms: it works without script. */
export const AddBinding = (props: AddBindingProps) => (
  <>
    <PageHead
      title="Add a binding"
      lead="Search for the person in Google, and choose the extension. The next sync writes the person’s details to it."
      back={{ href: props.path, label: 'Bindings' }}
    />
    {props.problem && <Problem>{props.problem}</Problem>}
    {props.form.message && <Problem>{props.form.message}</Problem>}
    <SearchForm {...props} />
    {props.people?.length === 0 && (
      <Empty icon="people" title="Google knows nobody like this">
        <p>Type the beginning of the given name, the family name or the e-mail address.</p>
      </Empty>
    )}
    {props.people && props.people.length > 0 && <Choose {...props} />}
  </>
);
