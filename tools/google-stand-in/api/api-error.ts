import { type Answer, json } from '../http/exchange.ts';

export type ApiErrorDetails = {
  status: number;
  reason: string;
  message: string;
  /** Shown at the top; Google often says more there than in `errors[0]`. */
  summary?: string;
  domain?: string;
  location?: { type: 'header' | 'parameter'; name: string };
  errorInfo?: { reason: string; domain?: string; metadata?: Record<string, string> };
  headers?: Record<string, string>;
};

/** An error answer of a Google API, in the shape `{ error: { code, message, errors, status, details } }`. */
export class ApiError extends Error {
  readonly details: ApiErrorDetails;

  constructor(details: ApiErrorDetails) {
    super(details.summary ?? details.message);
    this.details = details;
  }

  toAnswer(): Answer {
    const { status, reason, message, domain = 'global', location, errorInfo, headers } = this.details;
    return json(
      status,
      {
        error: {
          code: status,
          message: this.message,
          errors: [
            { message, domain, reason, ...(location && { location: location.name, locationType: location.type }) },
          ],
          ...(statusNames[status] && { status: statusNames[status] }),
          ...(errorInfo && {
            details: [
              {
                '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
                reason: errorInfo.reason,
                domain: errorInfo.domain ?? 'googleapis.com',
                ...(errorInfo.metadata && { metadata: errorInfo.metadata }),
              },
            ],
          }),
        },
      },
      headers,
    );
  }
}

const statusNames: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

export function invalidArgument(message: string, parameter?: string): ApiError {
  return new ApiError({
    status: 400,
    reason: parameter ? 'invalidParameter' : 'badRequest',
    message,
    ...(parameter && { location: { type: 'parameter', name: parameter } }),
  });
}

export function invalidInput(parameter: string): ApiError {
  return new ApiError({
    status: 400,
    reason: 'invalid',
    message: `Invalid Input: ${parameter}`,
    location: { type: 'parameter', name: parameter },
  });
}

export function notFound(what: string): ApiError {
  return new ApiError({ status: 404, reason: 'notFound', message: `Resource Not Found: ${what}` });
}

export function notAuthorized(): ApiError {
  return new ApiError({ status: 403, reason: 'forbidden', message: 'Not Authorized to access this resource/api' });
}
