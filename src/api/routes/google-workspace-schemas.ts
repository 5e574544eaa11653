import { z } from '@hono/zod-openapi';
import type { ConsentView, IntegrationView } from '../../authorization/index.ts';

const scopes = z.array(z.string());

const problemSchema = z.object({
  code: z.string().openapi({ example: 'GRANT_REVOKED' }),
  message: z.string().openapi({ description: 'What happened.' }),
  action: z.string().openapi({ description: 'What an administrator does about it.' }),
  link: z.url().nullable().openapi({ description: 'The page of Google where it is mended.' }),
});

export const consentSchema = z
  .object({
    requestId: z.uuid(),
    state: z.enum(['waiting', 'authorized', 'refused', 'failed', 'expired', 'superseded']),
    expiresAt: z.iso.datetime(),
    problem: problemSchema.nullable(),
  })
  .openapi('GoogleConsent');

export const integrationSchema = z
  .object({
    level: z.enum(['system', 'tenant']),
    state: z.enum(['not-configured', 'configured', 'waiting-for-consent', 'active', 'reauthorize', 'disconnected']),
    version: z.int(),
    redirectUris: z.array(z.url()).openapi({ description: 'As the OAuth client at Google must have them.' }),
    redirectUriProblems: z
      .array(z.object({ redirectUri: z.string(), message: z.string() }))
      .openapi({ description: 'Why Google’s form would refuse one, with the fix.' }),
    clientId: z.string().nullable(),
    hasClientSecret: z.boolean(),
    authorizedBy: z.object({ googleId: z.string(), email: z.string(), at: z.iso.datetime() }).nullable(),
    customer: z.object({ id: z.string().nullable(), domain: z.string() }).nullable(),
    grantedScopes: scopes,
    features: z.array(
      z.object({
        feature: z.enum(['mail', 'userSync', 'photos', 'groups', 'orgUnits', 'largePhotos', 'signIn']),
        state: z.enum(['ready', 'lacking']),
        neededScopes: scopes,
        missingScopes: scopes,
      }),
    ),
    summary: z.string().openapi({ example: 'Connected, but user sync lacks access that was not granted.' }),
    accessTokenExpiresAt: z.iso.datetime().nullable(),
    authorizationExpiresAt: z.iso.datetime().nullable(),
    lastRefreshedAt: z.iso.datetime().nullable(),
    problem: problemSchema.extend({ since: z.iso.datetime() }).nullable(),
    consent: consentSchema.nullable(),
  })
  .openapi('GoogleWorkspaceIntegration');

/** What Google’s rules are about is checked by the feature, which knows the fixes. */
export const credentialsSchema = z
  .strictObject({
    clientId: z.string().max(512).openapi({ example: '1234-abcd.apps.googleusercontent.com' }),
    clientSecret: z.string().max(512).openapi({ description: 'Write-only.', format: 'password' }),
  })
  .openapi('GoogleCredentials');

export const beginSchema = z.strictObject({
  redirectUri: z.string().max(512).optional().openapi({ description: 'One of `redirectUris`; the first by default.' }),
});

export const startedSchema = z
  .object({ requestId: z.uuid(), authorizationUrl: z.url(), expiresAt: z.iso.datetime() })
  .openapi('GoogleAuthorizationStarted');

export const disconnectedSchema = z.object({
  revokedAtGoogle: z.boolean().openapi({ description: 'False when Google could not be told; forgotten here it is.' }),
});

export const resetSchema = z.strictObject({
  confirm: z.string().openapi({ description: 'The word of `confirmation`.', example: 'reset' }),
});

export const resetPreviewSchema = z
  .object({
    bindings: z.int(),
    syncMode: z.enum(['manual', 'automatic']).nullable(),
    customer: z.string().nullable(),
    confirmation: z.literal('reset'),
  })
  .openapi('GoogleResetPreview');

export const toConsentBody = (consent: ConsentView): z.infer<typeof consentSchema> => ({
  ...consent,
  expiresAt: consent.expiresAt.toISOString(),
});

export const toIntegrationBody = (view: IntegrationView): z.infer<typeof integrationSchema> => ({
  ...view,
  redirectUris: [...view.redirectUris],
  redirectUriProblems: [...view.redirectUriProblems],
  authorizedBy: view.authorizedBy && { ...view.authorizedBy, at: view.authorizedBy.at.toISOString() },
  grantedScopes: [...view.grantedScopes],
  features: view.features.map((health) => ({
    ...health,
    neededScopes: [...health.neededScopes],
    missingScopes: [...health.missingScopes],
  })),
  accessTokenExpiresAt: view.accessTokenExpiresAt?.toISOString() ?? null,
  authorizationExpiresAt: view.authorizationExpiresAt?.toISOString() ?? null,
  lastRefreshedAt: view.lastRefreshedAt?.toISOString() ?? null,
  problem: view.problem && { ...view.problem, since: view.problem.since.toISOString() },
  consent: view.consent && toConsentBody(view.consent),
});
