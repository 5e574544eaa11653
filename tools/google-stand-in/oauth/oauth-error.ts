import { type Answer, json } from '../http/exchange.ts';

export type OAuthErrorDetails = { status: number; error: string; description: string; subtype?: string; uri?: string };

/** An error answer of the token, revocation and token information endpoints. */
export class OAuthError extends Error {
  readonly details: OAuthErrorDetails;

  constructor(details: OAuthErrorDetails) {
    super(details.description);
    this.details = details;
  }

  toAnswer(): Answer {
    const { status, error, description, subtype, uri } = this.details;
    return json(status, {
      error,
      error_description: description,
      ...(uri && { error_uri: uri }),
      ...(subtype && { error_subtype: subtype }),
    });
  }
}
