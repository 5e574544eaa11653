export type BrowserSession = {
  get(url: string): Promise<Response>;
  post(url: string, form: Record<string, string>): Promise<Response>;
};

/** Cookies and forms as a browser has them, without following redirects. Not for pages with scripts. */
export const openBrowserSession = (): BrowserSession => {
  const cookies = new Map<string, string>();
  const visit = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const separator = pair.indexOf('=');
      cookies.set(pair.slice(0, separator), pair.slice(separator + 1));
    }
    return answer;
  };
  return {
    get: (url) => visit(url, {}),
    post: (url, form) =>
      visit(url, {
        method: 'POST',
        headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams(form),
      }),
  };
};
