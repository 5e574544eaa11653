import { raw } from 'hono/html';
import type { AppContext } from '../environment.ts';

/** The API to browse and try out. Swagger UI writes style attributes, so this page alone allows inline style. */
export const apiDocsPage = (c: AppContext): Response | Promise<Response> => {
  const assets = c.get('assets');
  c.header(
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  return c.html(
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>API · PBX for Google Workspace</title>
          <link rel="icon" href={assets.url('favicon.svg')} type="image/svg+xml" />
          <link rel="stylesheet" href={assets.url('swagger-ui.css')} />
          <script src={assets.url('swagger-ui.js')} defer />
          <script src={assets.url('api-docs.js')} defer />
        </head>
        <body>
          <div id="api-docs" />
        </body>
      </html>
    </>,
  );
};
