import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppContext, AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { jsonAnswer, jsonBody, LEVELS, type Level, problems } from '../route-parts.ts';
import { etagHeader, etagOf, expectedVersion, ifMatchSchema } from '../row-version.ts';
import {
  beginSchema,
  consentSchema,
  credentialsSchema,
  disconnectedSchema,
  integrationSchema,
  resetPreviewSchema,
  resetSchema,
  startedSchema,
  toConsentBody,
  toIntegrationBody,
} from './google-workspace-schemas.ts';

const tags = ['Google Workspace'];

const integrationAnswer = (description: string) => ({
  ...jsonAnswer(description, integrationSchema),
  headers: etagHeader,
});

const routesOf = ({ prefix, params, operationId }: Level) => {
  const root = `${prefix}/google-workspace` as const;
  return {
    view: createRoute({
      method: 'get',
      path: root,
      operationId: operationId('getGoogleWorkspace'),
      tags,
      summary: 'How the connection with Google Workspace stands',
      middleware: requireActor('read'),
      request: { params },
      responses: { 200: integrationAnswer('State, redirect URIs, who consented, features, problem'), ...problems() },
    }),
    saveCredentials: createRoute({
      method: 'put',
      path: `${root}/credentials` as const,
      operationId: operationId('saveGoogleCredentials'),
      tags,
      summary: 'Save client id and secret of the Google app',
      middleware: requireActor('admin'),
      request: { params, headers: ifMatchSchema, body: jsonBody(credentialsSchema) },
      responses: { 200: integrationAnswer('The integration; never the secret'), ...problems(400, 412, 428) },
    }),
    begin: createRoute({
      method: 'post',
      path: `${root}/authorization` as const,
      operationId: operationId('beginGoogleAuthorization'),
      tags,
      summary: 'Begin a consent; send an administrator’s browser to the answered address',
      middleware: requireActor('admin'),
      request: { params, body: { content: { 'application/json': { schema: beginSchema } } } },
      responses: { 201: jsonAnswer('Our one-time start page', startedSchema), ...problems(400, 409, 503) },
    }),
    consent: createRoute({
      method: 'get',
      path: `${root}/authorization` as const,
      operationId: operationId('getGoogleAuthorization'),
      tags,
      summary: 'How the newest consent stands',
      middleware: requireActor('read'),
      request: { params },
      responses: { 200: jsonAnswer('Null when none was begun', consentSchema.nullable()), ...problems() },
    }),
    disconnect: createRoute({
      method: 'post',
      path: `${root}/disconnect` as const,
      operationId: operationId('disconnectGoogle'),
      tags,
      summary: 'Revoke the access at Google and forget the tokens; people and settings stay',
      middleware: requireActor('admin'),
      request: { params },
      responses: { 200: jsonAnswer('Done', disconnectedSchema), ...problems(409, 503) },
    }),
    previewReset: createRoute({
      method: 'get',
      path: `${root}/reset` as const,
      operationId: operationId('previewGoogleReset'),
      tags,
      summary: 'What a reset would drop',
      middleware: requireActor('read'),
      request: { params },
      responses: { 200: jsonAnswer('What would go', resetPreviewSchema), ...problems() },
    }),
    reset: createRoute({
      method: 'post',
      path: `${root}/reset` as const,
      operationId: operationId('resetGoogle'),
      tags,
      summary: 'Disconnect, and drop the company, the bindings and the sync mode',
      middleware: requireActor('admin'),
      request: { params, body: jsonBody(resetSchema) },
      responses: {
        200: jsonAnswer('What went', resetPreviewSchema.extend(disconnectedSchema.shape)),
        ...problems(400, 409, 503),
      },
    }),
  };
};

/** The tab PERMISSIONS as an API, at both levels. */
export const createGoogleWorkspaceRoutes = ({ authorization }: Pick<ApiDependencies, 'authorization'>) => {
  const app = new OpenAPIHono<AppEnv>();

  const view = async (c: AppContext) => {
    const integration = await authorization.view(c.get('actor'), c.get('tenantId'));
    c.header('ETag', etagOf(integration.version));
    return toIntegrationBody(integration);
  };

  for (const level of LEVELS) {
    const routes = routesOf(level);

    app.openapi(routes.view, async (c) => c.json(await view(c), 200));

    app.openapi(routes.saveCredentials, async (c) => {
      const credentials = { ...c.req.valid('json'), expectedVersion: expectedVersion(c) };
      await authorization.saveCredentials(c.get('actor'), c.get('tenantId'), credentials);
      return c.json(await view(c), 200);
    });

    app.openapi(routes.begin, async (c) => {
      const { redirectUri } = c.req.valid('json') ?? {};
      const started = await authorization.begin(c.get('actor'), c.get('tenantId'), redirectUri);
      return c.json(started, 201);
    });

    app.openapi(routes.consent, async (c) => {
      const consent = await authorization.consent(c.get('actor'), c.get('tenantId'));
      return c.json(consent && toConsentBody(consent), 200);
    });

    app.openapi(routes.disconnect, async (c) =>
      c.json(await authorization.disconnect(c.get('actor'), c.get('tenantId')), 200),
    );

    app.openapi(routes.previewReset, async (c) =>
      c.json(await authorization.previewReset(c.get('actor'), c.get('tenantId')), 200),
    );

    app.openapi(routes.reset, async (c) => {
      const { confirm } = c.req.valid('json');
      return c.json(await authorization.reset(c.get('actor'), c.get('tenantId'), confirm), 200);
    });
  }

  return app;
};
