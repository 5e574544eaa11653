import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import type { AppContext } from '../environment.ts';
import { noteProblem } from '../note-problem.ts';
import { statusOf, toAppError } from '../problem-details.ts';
import { fieldErrors } from '../validation.ts';

/** A form as it was filled, and what is to be mended. Pages render from it, so nothing must be typed twice. */
export interface FormState {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Fields that may be given more than once, such as check boxes. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly errors: Readonly<Record<string, string | undefined>>;
  /** What is wrong with the whole, beside the fields. */
  readonly message: string | undefined;
}

/** A form nobody filled yet, with what stands in it at first. */
export const emptyForm = (values: Record<string, string> = {}): FormState => ({
  values,
  lists: {},
  errors: {},
  message: undefined,
});

export interface SubmittedForm {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

const readForm = async (c: AppContext): Promise<SubmittedForm> => {
  const body = await c.req.parseBody({ all: true });
  const texts = Object.entries(body).map(([name, value]) => {
    const list = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
    return [name, list] as const;
  });
  return { values: Object.fromEntries(texts.map(([name, list]) => [name, list[0]])), lists: Object.fromEntries(texts) };
};

export interface FormHandling<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** From the texts of the form to what the schema takes; by default the texts themselves. */
  readonly toInput?: (form: SubmittedForm) => unknown;
  /** The form is right: do it and answer with a redirect (303). */
  readonly accept: (input: z.output<Schema>, form: SubmittedForm) => Promise<Response>;
  /** The form is not right: show it again. */
  readonly refuse: (state: FormState, status: ContentfulStatusCode) => Response | Promise<Response>;
}

/** Field errors by name; of several about one field the first is shown. */
const byField = (fields: readonly { field: string; message: string }[]): Record<string, string> =>
  Object.fromEntries(fields.map(({ field, message }) => [field.split('.')[0] ?? '', message] as const).reverse());

/** Takes a submitted form through its schema and its feature; refusals of either come back beside their fields. */
export const handleForm = async <Schema extends z.ZodType>(
  c: AppContext,
  { schema, toInput, accept, refuse }: FormHandling<Schema>,
): Promise<Response> => {
  const form = await readForm(c);
  const input = toInput ? toInput(form) : form.values;
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const errors = byField(fieldErrors(parsed.error, input));
    return refuse({ ...form, errors, message: errors[''] }, 400);
  }
  try {
    return await accept(parsed.data, form);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (statusOf(error) >= 500 || error.code === 'NOT_FOUND') throw thrown;
    const errors = byField(error.fields);
    noteProblem(c, error);
    return refuse(
      { ...form, errors, message: error.fields.length > 0 ? undefined : error.publicMessage },
      statusOf(error),
    );
  }
};
