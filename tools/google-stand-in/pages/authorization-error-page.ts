import { markup, page } from './layout.ts';

/** Ends the flow at Google: there is no way back to the app from here, as at Google. */
export function authorizationErrorPage(status: number, error: string, message: string): string {
  return page(
    'Access blocked',
    markup`<h1>Access blocked: authorization error</h1>
<p>${message}</p>
<p><strong>Error ${status}: ${error}</strong></p>`,
  );
}
