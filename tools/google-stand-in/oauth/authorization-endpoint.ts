import type { Person } from '../directory/person.ts';
import { type Answer, cookieOf, formOf, html, type Request, redirect } from '../http/exchange.ts';
import { accountPickerPage } from '../pages/account-picker-page.ts';
import { authorizationErrorPage } from '../pages/authorization-error-page.ts';
import { consentPage } from '../pages/consent-page.ts';
import type { World } from '../world.ts';
import { AuthorizationError, type AuthorizationRequest, parseAuthorization } from './authorization-request.ts';
import { callbackScopes, isSignInScope } from './scopes.ts';

const accountCookie = 'stand_in_account';
const pagesLifetimeMs = 15 * 60_000;

/** Where the pages of the flow live, besides Google's own /o/oauth2/v2/auth. */
export const signInPaths = { account: '/signin/account', consent: '/signin/consent' } as const;

/** GET /o/oauth2/v2/auth, and the picker and consent pages that follow it. */
export function answerAuthorization(world: World, request: Request): Answer {
  try {
    switch (`${request.method} ${request.path}`) {
      case 'GET /o/oauth2/v2/auth':
        return begin(world, request);
      case `GET ${signInPaths.account}`:
        return showPicker(world, pending(world, request.query.get('transaction')), request.query.has('everyone'));
      case `POST ${signInPaths.account}`:
        return chooseAccount(world, request);
      case `GET ${signInPaths.consent}`:
        return showConsent(world, pending(world, request.query.get('transaction')));
      default:
        return decide(world, request);
    }
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
    return html(error.status, authorizationErrorPage(error.status, error.error, error.message));
  }
}

function begin(world: World, request: Request): Answer {
  const asked = parseAuthorization(world, request.query, (name) =>
    world.violate('request', request, `the authorization endpoint has no parameter ${name}`),
  );
  for (const old of world.authorizations.values()) {
    if (world.clock.now() - old.createdAt > pagesLifetimeMs) world.authorizations.delete(old.id);
  }
  world.authorizations.set(asked.id, asked);
  const signedIn = world.person(cookieOf(request, accountCookie) ?? '');
  const hinted = asked.loginHint ? world.person(asked.loginHint) : undefined;

  if (asked.prompts.includes('none')) return answerSilently(world, asked, signedIn, hinted);
  if (asked.prompts.includes('select_account')) return showPicker(world, asked, false);
  if (hinted) return accountChosen(world, asked, hinted);
  const remembered = asked.prompts.length === 0 && !asked.loginHint && signedIn && fitsHd(world, asked, signedIn);
  if (remembered && !needsConsent(world, asked, signedIn)) return accountChosen(world, asked, signedIn);
  return showPicker(world, asked, false);
}

function answerSilently(
  world: World,
  asked: AuthorizationRequest,
  signedIn: Person | undefined,
  hinted: Person | undefined,
): Answer {
  if (!signedIn || (asked.loginHint && hinted !== signedIn)) return refuse(world, asked, 'login_required');
  checkAdmission(world, asked, signedIn);
  if (needsConsent(world, asked, signedIn)) return refuse(world, asked, 'consent_required');
  return finish(world, asked, signedIn, asked.scopes, 'none');
}

function showPicker(world: World, asked: AuthorizationRequest, everyone: boolean): Answer {
  const people = [...world.companies.values()]
    .flatMap((company) => company.signIns)
    .map((email) => world.person(email));
  const accounts = [...people, ...world.consumers.people()].filter((person) => person !== undefined);
  const fitting = accounts.filter((person) => fitsHd(world, asked, person));
  return html(
    200,
    accountPickerPage(
      asked,
      everyone || fitting.length === 0 ? accounts : fitting,
      !everyone && fitting.length < accounts.length,
    ),
  );
}

function chooseAccount(world: World, request: Request): Answer {
  const form = formOf(request);
  const asked = pending(world, form.get('transaction'));
  const key = form.get('account') || form.get('email')?.trim();
  const person = key ? world.person(key) : undefined;
  if (!person) throw new AuthorizationError(400, 'account_not_found', `Couldn’t find your account: ${key ?? ''}`);
  return accountChosen(world, asked, person);
}

function accountChosen(world: World, asked: AuthorizationRequest, person: Person): Answer {
  checkAdmission(world, asked, person);
  asked.accountId = person.id;
  const cookie = { 'set-cookie': `${accountCookie}=${person.id}; Path=/; HttpOnly; SameSite=Lax` };
  if (needsConsent(world, asked, person)) {
    return redirect(303, `${signInPaths.consent}?transaction=${asked.id}`, cookie);
  }
  return finish(world, asked, person, asked.scopes, 'none', cookie);
}

function showConsent(world: World, asked: AuthorizationRequest): Answer {
  const person = chosen(world, asked);
  return html(
    200,
    consentPage(asked, person, {
      granular: isGranular(world, asked, person),
      verified: asked.client.userType === 'internal',
    }),
  );
}

function decide(world: World, request: Request): Answer {
  const form = formOf(request);
  const asked = pending(world, form.get('transaction'));
  const person = chosen(world, asked);
  checkAdmission(world, asked, person);
  if (form.get('decision') !== 'allow') return refuse(world, asked, 'access_denied');
  const ticked = new Set(form.getAll('scope'));
  const granted = isGranular(world, asked, person)
    ? asked.scopes.filter((scope) => isSignInScope(scope) || ticked.has(scope))
    : asked.scopes;
  if (granted.length === 0) return refuse(world, asked, 'access_denied');
  return finish(world, asked, person, granted, 'consent');
}

/** Google's administrators and the project's own settings decide who gets past the picker. */
function checkAdmission(world: World, asked: AuthorizationRequest, person: Person): void {
  const { client } = asked;
  const company = world.companyOf(person);
  if (person.suspended || person.archived) {
    throw new AuthorizationError(403, 'account_disabled', 'This account has been disabled. Ask your administrator.');
  }
  if (company?.appAccess.get(client.clientId) === 'blocked') {
    throw new AuthorizationError(
      400,
      'admin_policy_enforced',
      `Access to your account data is restricted by policies within your organization. Ask the administrator of ${company.domain} to allow ${client.name}.`,
    );
  }
  if (client.userType === 'internal' && company?.domain !== client.ownerDomain) {
    throw new AuthorizationError(403, 'org_internal', `${client.name} can only be used within its organization.`);
  }
  const testing = client.userType === 'external' && client.publishingStatus === 'testing';
  if (testing && !client.testUsers.some((email) => email.toLowerCase() === person.primaryEmail.toLowerCase())) {
    throw new AuthorizationError(
      403,
      'access_denied',
      `${client.name} has not completed the Google verification process. The app is being tested, and can only be used by its test users.`,
    );
  }
}

function finish(
  world: World,
  asked: AuthorizationRequest,
  person: Person,
  granted: string[],
  shown: 'consent' | 'none',
  headers: Record<string, string> = {},
): Answer {
  const { client } = asked;
  const before = asked.includeGranted ? world.grants.consented(person.id, client.projectId) : [];
  const scopes = [...new Set([...granted, ...before])];
  world.grants.remember(person.id, client.projectId, granted);
  world.authorizations.delete(asked.id);
  const code = world.grants.issueCode({
    clientId: client.clientId,
    accountId: person.id,
    redirectUri: asked.redirectUri,
    scopes,
    incremental: asked.includeGranted,
    nonce: asked.nonce,
    challenge: asked.challenge,
    withRefreshToken:
      asked.offline && (asked.prompts.includes('consent') || world.grants.isFirstOffline(person.id, client.clientId)),
  });
  const hd = world.companyOf(person)?.domain;
  return sendBack(asked, headers, {
    iss: world.settings.issuer,
    code: code.code,
    scope: callbackScopes(scopes),
    authuser: '0',
    ...(hd && { hd }),
    prompt: shown,
  });
}

function refuse(world: World, asked: AuthorizationRequest, error: string): Answer {
  world.authorizations.delete(asked.id);
  return sendBack(asked, {}, { error, iss: world.settings.issuer });
}

function sendBack(
  asked: AuthorizationRequest,
  headers: Record<string, string>,
  parameters: Record<string, string>,
): Answer {
  const target = new URL(asked.redirectUri);
  if (asked.state !== undefined) target.searchParams.append('state', asked.state);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.append(name, value);
  return redirect(302, target.href, headers);
}

function needsConsent(world: World, asked: AuthorizationRequest, person: Person): boolean {
  const before = world.grants.consented(person.id, asked.client.projectId);
  return asked.prompts.includes('consent') || asked.scopes.some((scope) => !before.has(scope));
}

function isGranular(world: World, asked: AuthorizationRequest, person: Person): boolean {
  return world.companyOf(person)?.appAccess.get(asked.client.clientId) !== 'trusted';
}

function fitsHd(world: World, asked: AuthorizationRequest, person: Person): boolean {
  const own = world.companyOf(person)?.domain;
  return !asked.hd || (asked.hd === '*' ? own !== undefined : own === asked.hd.toLowerCase());
}

function pending(world: World, id: string | null): AuthorizationRequest {
  const asked = world.authorizations.get(id ?? '');
  if (!asked || world.clock.now() - asked.createdAt > pagesLifetimeMs) {
    throw new AuthorizationError(400, 'invalid_request', 'This page has expired. Go back to the app and try again.');
  }
  return asked;
}

function chosen(world: World, asked: AuthorizationRequest): Person {
  const person = world.person(asked.accountId ?? '');
  if (!person) throw new AuthorizationError(400, 'invalid_request', 'Choose an account first.');
  return person;
}
