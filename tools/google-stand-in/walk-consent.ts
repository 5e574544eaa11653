export type ConsentAnswers = {
  /** Address typed on the account picker. */
  email: string;
  /** Scopes whose checkbox is unticked. */
  untick?: string[];
  /** `cancel` presses Cancel on the consent page. */
  decision?: 'allow' | 'cancel';
  /** Cookies of an earlier walk, to come back with the same browser. */
  cookies?: string;
};

export type ConsentOutcome =
  | { kind: 'callback'; url: URL; sawConsent: boolean; cookies: string }
  | { kind: 'error-page'; status: number; error: string; html: string };

/**
 * Walks the pages of the stand-in as a person would, by submitting the forms that the pages show, and stops at the redirect
 * back to the app, which it does not follow. `authorizationUrl` is where the app sends the browser.
 */
export async function walkConsent(authorizationUrl: string, answers: ConsentAnswers): Promise<ConsentOutcome> {
  const origin = new URL(authorizationUrl).origin;
  let cookies = answers.cookies ?? '';
  let sawConsent = false;
  let response = await visit(authorizationUrl);
  for (let step = 0; step < 6; step += 1) {
    const target = response.headers.get('location');
    if (target) {
      const url = new URL(target, origin);
      if (url.origin !== origin || !url.pathname.startsWith('/signin/'))
        return { kind: 'callback', url, sawConsent, cookies };
      response = await visit(url.href);
      continue;
    }
    const html = await response.text();
    const transaction = /name="transaction" value="([^"]+)"/.exec(html)?.[1];
    if (!response.ok || !transaction) {
      return {
        kind: 'error-page',
        status: response.status,
        error: /Error \d+: ([a-z_]+)/.exec(html)?.[1] ?? 'unknown',
        html,
      };
    }
    if (html.includes('action="/signin/consent"')) {
      sawConsent = true;
      const ticked = [...html.matchAll(/<input type="checkbox" name="scope" value="([^"]+)" checked/g)].map(
        ([, scope]) => scope ?? '',
      );
      const form = new URLSearchParams({ transaction, decision: answers.decision === 'cancel' ? 'deny' : 'allow' });
      for (const scope of ticked) if (!answers.untick?.includes(scope)) form.append('scope', scope);
      response = await visit(`${origin}/signin/consent`, form);
    } else {
      response = await visit(`${origin}/signin/account`, new URLSearchParams({ transaction, email: answers.email }));
    }
  }
  throw new Error('the pages of the stand-in lead nowhere');

  async function visit(url: string, form?: URLSearchParams): Promise<Response> {
    const answer = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: cookies },
      ...(form && { body: form }),
    });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie) cookies = cookie;
    return answer;
  }
}
