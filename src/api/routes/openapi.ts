import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../environment.ts';
import { apiDocsPage } from '../portal/api-docs-page.tsx';

const DESCRIPTION = `Everything the portal does, for programs. Send \`Authorization: Bearer <API token>\`.
Errors are problem details (RFC 9457) with a stable \`code\`. Lists are read page by page with \`cursor\` and \`limit\`.
What belongs to another tenant does not exist: it is 404.`;

/** `/openapi.json` describes every route that is registered on `app` when it is asked; `/docs` makes it browsable. */
export const addOpenApi = (app: OpenAPIHono<AppEnv>, publicUrl: string): void => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiToken', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token of a tenant or of the system.',
  });

  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'PBX for Google Workspace', version: '1', description: DESCRIPTION },
    servers: [{ url: publicUrl }],
    security: [{ apiToken: [] }],
  });

  app.get('/docs', apiDocsPage);
};
