/** What a caller may do about an error: give up, try again, wait as told, or have someone authorize again. */
export type ErrorKind = 'permanent' | 'transient' | 'throttled' | 'unauthorized';

const KINDS = {
  VALIDATION_FAILED: 'permanent',
  NOT_FOUND: 'permanent',
  CONFLICT: 'permanent',
  STALE_WRITE: 'permanent',
  MEDIA_TYPE_UNSUPPORTED: 'permanent',
  BODY_TOO_LARGE: 'permanent',
  CROSS_SITE_REQUEST: 'permanent',
  VERSION_REQUIRED: 'permanent',
  SIGN_IN_REQUIRED: 'permanent',
  SIGN_IN_FAILED: 'permanent',
  FORBIDDEN: 'permanent',
  TOO_MANY_ATTEMPTS: 'throttled',
  UNAVAILABLE: 'transient',
  INTERNAL: 'transient',

  LAST_ADMINISTRATOR: 'permanent',
  SYSTEM_LEVEL_MAIL_ONLY: 'permanent',

  INTEGRATION_NOT_CONFIGURED: 'permanent',
  INTEGRATION_NOT_ACTIVE: 'permanent',
  AUTHORIZATION_DENIED: 'permanent',
  AUTHORIZATION_EXPIRED: 'permanent',
  AUTHORIZATION_SUPERSEDED: 'permanent',
  AUTHORIZATION_UNKNOWN: 'permanent',
  AUTHORIZATION_ALREADY_USED: 'permanent',
  AUTHORIZATION_OTHER_BROWSER: 'permanent',
  AUTHORIZATION_ANSWER_LOST: 'permanent',
  GOOGLE_OTHER_COMPANY: 'permanent',
  GOOGLE_CONSUMER_ACCOUNT: 'permanent',
  GOOGLE_IDENTITY_INVALID: 'permanent',
  GOOGLE_REFRESH_TOKEN_MISSING: 'permanent',
  GOOGLE_CODE_REJECTED: 'permanent',
  GOOGLE_REDIRECT_URI_MISMATCH: 'permanent',
  GOOGLE_APP_INTERNAL: 'permanent',

  GRANT_REVOKED: 'unauthorized',
  GRANT_SESSION_EXPIRED: 'unauthorized',
  GRANT_BLOCKED_BY_ADMINISTRATOR: 'unauthorized',
  GRANT_CLIENT_CHANGED: 'unauthorized',
  GOOGLE_CLIENT_REJECTED: 'unauthorized',
  GOOGLE_CLIENT_DELETED: 'unauthorized',
  GOOGLE_SCOPE_MISSING: 'unauthorized',
  GOOGLE_TOKEN_REJECTED: 'unauthorized',

  GOOGLE_FORBIDDEN: 'permanent',
  GOOGLE_API_DISABLED: 'permanent',
  GOOGLE_DOMAIN_NOT_FOUND: 'permanent',
  GOOGLE_GROUP_NOT_FOUND: 'permanent',
  GOOGLE_GROUP_FORBIDDEN: 'permanent',
  GOOGLE_NOT_FOUND: 'permanent',
  GOOGLE_REQUEST_REJECTED: 'permanent',
  GOOGLE_RATE_LIMITED: 'throttled',
  GOOGLE_ACCOUNT_BUSY: 'throttled',
  GOOGLE_DAILY_LIMIT_REACHED: 'throttled',
  GOOGLE_QUOTA_IN_USE: 'throttled',
  GOOGLE_PUSH_REFUSED: 'permanent',
  GOOGLE_MAILBOX_UNUSABLE: 'permanent',
  GOOGLE_GMAIL_TURNED_OFF: 'permanent',
  GOOGLE_UNAVAILABLE: 'transient',
  GOOGLE_PAGE_TOKEN_REJECTED: 'transient',
  GOOGLE_ANSWER_INVALID: 'transient',

  PHOTO_UNREADABLE: 'permanent',
  PHOTO_TYPE_REFUSED: 'permanent',
  PHOTO_TOO_LARGE: 'permanent',
  PHOTO_HOST_REFUSED: 'permanent',

  SYNC_NOT_CONFIGURED: 'permanent',
  SYNC_MODE_LOCKED: 'permanent',
  SYNC_RUN_ACTIVE: 'permanent',
  SYNC_TOO_MANY_WAITING: 'throttled',
  SYNC_LISTING_EMPTY: 'permanent',
  SYNC_LISTING_UNSTABLE: 'permanent',
  SYNC_SCOPE_CHANGED: 'permanent',
  SYNC_NOT_READ_YET: 'permanent',
  SYNC_PREVIEW_STALE: 'permanent',
  SYNC_RUN_SUPERSEDED: 'permanent',
  SYNC_RUN_CANCELLED: 'permanent',
  SYNC_TOO_MANY_FAILURES: 'permanent',
  APPROVAL_DECIDED: 'permanent',

  PBX_NUMBER_TAKEN: 'permanent',
  PBX_USER_NOT_FOUND: 'permanent',
  PBX_USER_CHANGED: 'permanent',
  PBX_VALUE_REJECTED: 'permanent',
  PBX_LICENCE_USED_UP: 'permanent',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof KINDS;

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(KINDS, value);

export const kindOf = (code: ErrorCode): ErrorKind => KINDS[code];

/** One refused field of a request: where it stands (`a.b.0`) and how to mend it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface AppErrorOptions {
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly fields?: readonly FieldError[];
  readonly cause?: unknown;
}

/**
 * Every error this product raises on purpose. `publicMessage` is written for an administrator and says what to do;
 * it never holds a secret. `code` is stable and tells `kind`, so nobody reads the message to decide.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly retryAfterMs: number | undefined;
  readonly fields: readonly FieldError[];

  constructor(code: ErrorCode, publicMessage: string, options: AppErrorOptions = {}) {
    super(`${code}: ${publicMessage}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields ?? [];
  }

  get kind(): ErrorKind {
    return kindOf(this.code);
  }

  /** The same error in the words of a form whose fields are named otherwise. */
  withFieldNames(names: Readonly<Record<string, string>>): AppError {
    const fields = this.fields.map(({ field, message }) => ({ field: names[field] ?? field, message }));
    return new AppError(this.code, this.publicMessage, { retryAfterMs: this.retryAfterMs, fields, cause: this.cause });
  }
}

export const isAppError = (error: unknown, code?: ErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);

/** A request that names one wrong field and its fix. */
export const invalidField = (field: string, message: string): AppError =>
  new AppError('VALIDATION_FAILED', message, { fields: [{ field, message }] });

/** The same answer for what does not exist and for what belongs to somebody else. */
export const notFound = (what: string): AppError => new AppError('NOT_FOUND', `There is no such ${what}.`);
