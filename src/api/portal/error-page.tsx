import type { AppError } from '../../errors.ts';
import type { AppContext } from '../environment.ts';
import { statusOf } from '../problem-details.ts';
import { page } from './page.tsx';

const titleOf = (error: AppError): string => {
  switch (statusOf(error)) {
    case 403:
      return 'You may not do this';
    case 404:
      return 'There is nothing here';
    case 503:
      return 'Not possible just now';
    case 500:
      return 'That went wrong';
    default:
      return 'That did not work';
  }
};

/** An error for people: what happened, what to do, and the id by which the operator finds it. */
export const errorPage = (c: AppContext, error: AppError): Response | Promise<Response> => {
  const title = titleOf(error);
  return page(
    c,
    { title, status: statusOf(error) },
    <section class="error-page">
      <h1>{title}</h1>
      <p class="page-lead">{error.publicMessage}</p>
      <p>
        <a class="button" href="/">
          To the start page
        </a>
      </p>
      <p class="muted">
        Request <code>{c.get('requestId')}</code>
      </p>
    </section>,
  );
};
