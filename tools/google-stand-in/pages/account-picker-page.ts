import { fullNameOf, type Person } from '../directory/person.ts';
import type { AuthorizationRequest } from '../oauth/authorization-request.ts';
import { markup, page } from './layout.ts';

/** Choose an account, or name any other by its address. `filtered` says that `hd` hides some. */
export function accountPickerPage(asked: AuthorizationRequest, accounts: Person[], filtered: boolean): string {
  return page(
    'Choose an account',
    markup`<h1>Choose an account</h1>
<p class="soft">to continue to ${asked.client.name}</p>
<form method="post" action="/signin/account">
<input type="hidden" name="transaction" value="${asked.id}">
<ul>${accounts.map(
      (person) =>
        markup`<li><button class="row" name="account" value="${person.id}"><strong>${fullNameOf(person)}</strong><br><span class="soft">${person.primaryEmail}</span></button></li>`,
    )}</ul>
</form>
<form method="post" action="/signin/account">
<input type="hidden" name="transaction" value="${asked.id}">
<p><label for="email">Use another account</label></p>
<div class="field"><input id="email" name="email" type="email" autocomplete="username" required value="${asked.loginHint ?? ''}"><button>Next</button></div>
</form>
${filtered ? markup`<p><a href="/signin/account?transaction=${asked.id}&amp;everyone=1">Show accounts of other organizations</a></p>` : undefined}`,
  );
}
