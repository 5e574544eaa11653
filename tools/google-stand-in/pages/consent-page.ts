import type { Person } from '../directory/person.ts';
import type { AuthorizationRequest } from '../oauth/authorization-request.ts';
import { describeScope, isSignInScope } from '../oauth/scopes.ts';
import { type Html, markup, page } from './layout.ts';

/** Every scope with a checkbox. Those for signing in stay ticked, as at Google; a trusted app is granted all or nothing. */
export function consentPage(
  asked: AuthorizationRequest,
  person: Person,
  { granular, verified }: { granular: boolean; verified: boolean },
): string {
  return page(
    'Consent',
    markup`<h1>${asked.client.name} wants access to your account</h1>
<p class="soft">${person.primaryEmail}</p>
${verified ? undefined : markup`<p class="notice" role="note">This app has not been verified. Continue only if you know and trust its developer.</p>`}
<form method="post" action="/signin/consent">
<input type="hidden" name="transaction" value="${asked.id}">
<p id="what">Select what ${asked.client.name} can access:</p>
<ul aria-labelledby="what">${asked.scopes.map((scope) => scopeRow(scope, granular && !isSignInScope(scope)))}</ul>
<div class="actions">
<button name="decision" value="deny">Cancel</button>
<button class="primary" name="decision" value="allow">Allow</button>
</div>
</form>`,
  );
}

function scopeRow(scope: string, optional: boolean): Html {
  return markup`<li><label class="scope"><input type="checkbox" name="scope" value="${scope}" checked ${optional ? '' : 'disabled'}><span>${describeScope(scope)}<code>${scope}</code></span></label></li>`;
}
