import type { ErrorCode } from '../errors.ts';

/** Which of Google's doors an answer came from; the same word means different things at different doors. */
export type GoogleDoor = 'authorize' | 'exchange' | 'refresh' | 'api';

/** What an administrator is told about one of our codes. `link` is the page of Google where it is mended. */
export interface GoogleAdvice {
  readonly sentence: string;
  readonly action: string;
  readonly link?: string;
}

export interface CatalogueRow extends GoogleAdvice {
  readonly code: ErrorCode;
  /** Google's own words for it: `error`, or `error/error_subtype`, of OAuth; `reason` or `status` of an API. */
  readonly answers: Partial<Record<GoogleDoor, readonly string[]>>;
}

const CREDENTIALS_PAGE = 'https://console.cloud.google.com/apis/credentials';
const API_LIBRARY_PAGE = 'https://console.cloud.google.com/apis/library';
const AUDIENCE_PAGE = 'https://console.cloud.google.com/auth/audience';
const API_CONTROLS_PAGE = 'https://admin.google.com/ac/owl';

/**
 * Every answer of Google that we know, what it means here and what mends it. Sources: Google's "Using OAuth 2.0 for
 * Web Server Applications" (errors), the limits and errors pages of the Directory and Gmail APIs, google.rpc.ErrorInfo.
 */
export const GOOGLE_ERROR_CATALOGUE = [
  {
    code: 'AUTHORIZATION_DENIED',
    answers: { authorize: ['access_denied', 'interaction_required', 'login_required', 'consent_required'] },
    sentence: 'The consent was declined at Google.',
    action: 'Complete the authorization again and allow the access that Google lists.',
  },
  {
    code: 'GOOGLE_APP_INTERNAL',
    answers: { authorize: ['org_internal'] },
    sentence: 'The Google app is internal to another organization than the one of the account that was chosen.',
    action: 'Choose an account of the organization that owns the app, or make its audience external.',
    link: AUDIENCE_PAGE,
  },
  {
    code: 'GOOGLE_REDIRECT_URI_MISMATCH',
    answers: { authorize: ['redirect_uri_mismatch'], exchange: ['redirect_uri_mismatch'] },
    sentence: 'Google does not know our redirect URI for this client.',
    action: 'Copy the redirect URIs of this page, exactly as they stand, into the OAuth client at Google.',
    link: CREDENTIALS_PAGE,
  },
  {
    code: 'GOOGLE_CODE_REJECTED',
    answers: { exchange: ['invalid_grant', 'invalid_grant/invalid_rapt', 'invalid_grant/rapt_required'] },
    sentence: 'Google no longer accepts the answer to that consent.',
    action: 'Complete the authorization again; each consent serves once and for a few minutes.',
  },
  {
    code: 'GRANT_REVOKED',
    answers: { refresh: ['invalid_grant'] },
    sentence:
      'Google ended the authorization: access was revoked, the password of the consenting account changed, the account was suspended, or the app is still in testing (7 days).',
    action: 'Complete the authorization again. If it ends after 7 days each time, publish the app.',
    link: AUDIENCE_PAGE,
  },
  {
    code: 'GRANT_SESSION_EXPIRED',
    answers: { refresh: ['invalid_grant/invalid_rapt', 'invalid_grant/rapt_required'] },
    sentence: 'The session length that your Google administrator sets ended the authorization.',
    action:
      'Mark the app as Trusted in Google Admin and exempt trusted apps from the session length, then complete the authorization again.',
    link: 'https://support.google.com/a/answer/9368756',
  },
  {
    code: 'GRANT_BLOCKED_BY_ADMINISTRATOR',
    answers: {
      authorize: ['admin_policy_enforced'],
      exchange: ['admin_policy_enforced'],
      refresh: ['admin_policy_enforced'],
    },
    sentence: 'A policy of your Google Workspace blocks this app.',
    action: 'In Google Admin, Security > API controls, mark the client id as Trusted; then complete the authorization.',
    link: API_CONTROLS_PAGE,
  },
  {
    code: 'GOOGLE_CLIENT_REJECTED',
    answers: {
      authorize: ['invalid_client', 'unauthorized_client'],
      exchange: ['invalid_client', 'unauthorized_client'],
      refresh: ['invalid_client', 'unauthorized_client'],
    },
    sentence: 'Google does not accept the client id with this client secret.',
    action: 'Compare both with the OAuth client at Google, make a new secret if need be, and save them here.',
    link: CREDENTIALS_PAGE,
  },
  {
    code: 'GOOGLE_CLIENT_DELETED',
    answers: {
      authorize: ['deleted_client', 'disabled_client'],
      exchange: ['deleted_client', 'disabled_client'],
      refresh: ['deleted_client', 'disabled_client'],
    },
    sentence: 'The OAuth client was deleted or disabled at Google.',
    action: 'Restore it at Google within 30 days, or make a new one; then save its id and secret here.',
    link: CREDENTIALS_PAGE,
  },
  {
    code: 'GOOGLE_TOKEN_REJECTED',
    answers: { api: ['authError', 'UNAUTHENTICATED'] },
    sentence: 'Google refused the access token.',
    action: 'It is renewed by itself; if this stays, complete the authorization again.',
  },
  {
    code: 'GOOGLE_SCOPE_MISSING',
    answers: { api: ['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT'] },
    sentence: 'The authorization does not include an access that this needs.',
    action: 'Complete the authorization again and leave every access ticked.',
  },
  {
    code: 'GOOGLE_API_DISABLED',
    answers: { api: ['accessNotConfigured', 'SERVICE_DISABLED'] },
    sentence: 'An API that this needs is not enabled in the Google Cloud project.',
    action: 'Enable the Admin SDK API, the Gmail API and the People API; it takes a few minutes to work.',
    link: API_LIBRARY_PAGE,
  },
  {
    code: 'GOOGLE_FORBIDDEN',
    answers: { api: ['forbidden', 'PERMISSION_DENIED'] },
    sentence: 'The account that consented may not do this at Google.',
    action: 'Consent with a super administrator, or with one whose admin role includes Users > Read.',
    link: 'https://admin.google.com/ac/roles',
  },
  {
    code: 'GOOGLE_RATE_LIMITED',
    answers: {
      api: ['userRateLimitExceeded', 'rateLimitExceeded', 'RATE_LIMIT_EXCEEDED', 'RESOURCE_EXHAUSTED'],
    },
    sentence: 'Google asks us to slow down.',
    action: 'Nothing: it goes on by itself. If it happens daily, raise the quota of the project.',
    link: 'https://console.cloud.google.com/iam-admin/quotas',
  },
  {
    code: 'GOOGLE_ACCOUNT_BUSY',
    answers: { api: ['quotaExceeded'] },
    sentence: 'Google works on too many requests of this Google Workspace account at the same time.',
    action: 'Nothing: it goes on by itself, with fewer at a time. Other programs of the company count as well.',
  },
  {
    code: 'GOOGLE_DAILY_LIMIT_REACHED',
    answers: { api: ['dailyLimitExceeded', 'dailyLimitExceededUnreg'] },
    sentence: 'The daily limit that the owner of the Google Cloud project set is used up.',
    action: 'Wait until tomorrow, or raise the limit.',
    link: 'https://console.cloud.google.com/iam-admin/quotas',
  },
  {
    code: 'GOOGLE_UNAVAILABLE',
    answers: {
      authorize: ['server_error', 'temporarily_unavailable'],
      exchange: ['server_error', 'temporarily_unavailable', 'internal_failure'],
      refresh: ['server_error', 'temporarily_unavailable', 'internal_failure'],
      api: ['backendError', 'internalError', 'UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED'],
    },
    sentence: 'Google cannot be reached or does not answer properly at the moment.',
    action: 'Nothing: it is tried again by itself.',
  },
  {
    code: 'GOOGLE_PAGE_TOKEN_REJECTED',
    answers: { api: ['EXPIRED_SYNC_TOKEN'] },
    sentence: 'Google no longer knows the place where the listing stopped.',
    action: 'Nothing: the listing begins again by itself.',
  },
  {
    code: 'GOOGLE_DOMAIN_NOT_FOUND',
    answers: { api: ['domainNotFound'] },
    sentence: 'Google does not know that domain in this account.',
    action: 'Check the domains of the scope against Google Admin, Account > Domains.',
    link: 'https://admin.google.com/ac/domains',
  },
  {
    code: 'GOOGLE_GROUP_NOT_FOUND',
    answers: {},
    sentence: 'Google has no such group any more.',
    action: 'Take it out of the scope of user sync, or restore it or its address in Google Admin, Directory > Groups.',
    link: 'https://admin.google.com/ac/groups',
  },
  {
    code: 'GOOGLE_GROUP_FORBIDDEN',
    answers: {},
    sentence: 'The account that consented may not read the members of this group.',
    action:
      'Consent with a super administrator, or with one whose admin role includes Groups > Read; or take the group out of the scope of user sync.',
    link: 'https://admin.google.com/ac/roles',
  },
  {
    code: 'GOOGLE_NOT_FOUND',
    answers: { api: ['notFound', 'resourceNotFound', 'NOT_FOUND'] },
    sentence: 'Google does not have what was asked for.',
    action: 'Check that the person or group still exists in Google Admin.',
  },
  {
    code: 'GOOGLE_PUSH_REFUSED',
    answers: { api: ['push.webhookUrlNotHttps', 'push.webhookUrlUnauthorized'] },
    sentence: 'Google does not send its messages to the address of this server.',
    action:
      'Give PUBLIC_URL a public https address with a certificate that browsers trust. The schedule works without.',
  },
  {
    code: 'GOOGLE_MAILBOX_UNUSABLE',
    answers: { api: ['failedPrecondition', 'FAILED_PRECONDITION'] },
    sentence: 'The account that consented has no usable Gmail mailbox.',
    action: 'Turn Gmail on for that account in Google Admin, or consent with one that has a mailbox.',
    link: 'https://admin.google.com/ac/users',
  },
  {
    code: 'GOOGLE_GMAIL_TURNED_OFF',
    answers: { api: ['domainPolicy'] },
    sentence: 'Your Google Workspace does not allow apps to use Gmail.',
    action: 'In Google Admin, Security > API controls, allow Gmail for this app.',
    link: API_CONTROLS_PAGE,
  },
  {
    code: 'GOOGLE_REQUEST_REJECTED',
    answers: {
      authorize: ['invalid_request', 'invalid_scope', 'unsupported_response_type'],
      exchange: ['invalid_request', 'invalid_scope', 'unsupported_grant_type'],
      refresh: ['invalid_request', 'invalid_scope', 'unsupported_grant_type'],
      api: ['badRequest', 'invalid', 'invalidArgument', 'invalidParameter', 'INVALID_ARGUMENT'],
    },
    sentence: 'Google refused the request.',
    action: 'Try again; if it stays, report it with the request id.',
  },
  {
    code: 'AUTHORIZATION_ANSWER_LOST',
    answers: {},
    sentence: 'The connection broke while Google answered, and a consent serves only once.',
    action: 'Complete the authorization again.',
  },
  {
    code: 'GOOGLE_REFRESH_TOKEN_MISSING',
    answers: {},
    sentence: 'Google gave no lasting access.',
    action: 'Remove this app from the Google account’s third-party connections, then complete the authorization again.',
    link: 'https://myaccount.google.com/connections',
  },
  {
    code: 'GOOGLE_IDENTITY_INVALID',
    answers: {},
    sentence:
      'Google’s statement of who consented cannot be trusted: it is damaged, too old, or meant for somebody else.',
    action: 'Check the clock of this machine and try again.',
  },
  {
    code: 'GOOGLE_CONSUMER_ACCOUNT',
    answers: {},
    sentence: 'That is a personal Google account, which belongs to no company.',
    action: 'Choose an account of your company’s Google Workspace.',
  },
  {
    code: 'GOOGLE_OTHER_COMPANY',
    answers: {},
    sentence: 'That account belongs to another company than the one that is connected.',
    action: 'Choose an account of the connected company; to change the company, reset the integration first.',
  },
  {
    code: 'GOOGLE_ANSWER_INVALID',
    answers: {},
    sentence: 'Google sent an answer that cannot be read.',
    action: 'Nothing: it is tried again by itself.',
  },
] as const satisfies readonly CatalogueRow[];

export type CatalogueCode = (typeof GOOGLE_ERROR_CATALOGUE)[number]['code'];

const rows: readonly CatalogueRow[] = GOOGLE_ERROR_CATALOGUE;

const codeByAnswer = new Map(
  rows.flatMap(({ code, answers }) =>
    Object.entries(answers).flatMap(([door, words]) => words.map((word) => [`${door}:${word}`, code] as const)),
  ),
);

const rowByCode = new Map<ErrorCode, CatalogueRow>(rows.map((row) => [row.code, row]));

/** Our code for Google's word at that door; undefined for a word that is not in the catalogue. */
export const codeFor = (door: GoogleDoor, word: string): ErrorCode | undefined => codeByAnswer.get(`${door}:${word}`);

/** What an administrator is told about one of our codes; undefined for a code that no answer of Google leads to. */
export const googleAdvice = (code: ErrorCode): GoogleAdvice | undefined => rowByCode.get(code);
