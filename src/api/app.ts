import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { notFound } from '../errors.ts';
import { answerError } from './answer-error.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { AppEnv } from './environment.ts';
import { accessLog } from './middleware/access-log.ts';
import { authenticate } from './middleware/authenticate.ts';
import { crossSiteGuard } from './middleware/cross-site-guard.ts';
import { noStore, securityHeaders } from './middleware/security-headers.ts';
import { createSessionCookie } from './middleware/session-cookie.ts';
import { createAssets } from './portal/assets.ts';
import { createPortal } from './portal/routes.ts';
import { createAdministratorRoutes } from './routes/administrators.ts';
import { createApiTokenRoutes } from './routes/api-tokens.ts';
import { createAuditRoutes } from './routes/audit.ts';
import { createExtensionNumberRoutes } from './routes/extension-numbers.ts';
import { createGoogleCallbackRoutes } from './routes/google-callback.ts';
import { createGoogleNotificationRoutes } from './routes/google-notifications.ts';
import { createGoogleWorkspaceRoutes } from './routes/google-workspace.ts';
import { createHealthRoutes } from './routes/health.ts';
import { addOpenApi } from './routes/openapi.ts';
import { createTenantRoutes } from './routes/tenants.ts';
import { createUserPhotoRoutes } from './routes/user-photo.ts';
import { createUserSyncRoutes } from './routes/user-sync.ts';
import { createUserSyncApprovalRoutes } from './routes/user-sync-approvals.ts';
import { createUserSyncBindingRoutes } from './routes/user-sync-bindings.ts';
import { createUserSyncDirectoryRoutes } from './routes/user-sync-directory.ts';
import { createUserSyncExplainRoutes } from './routes/user-sync-explain.ts';
import { createUserSyncPeopleRoutes } from './routes/user-sync-people.ts';
import { createUserSyncPushRoutes } from './routes/user-sync-push.ts';
import { createUserSyncScheduleRoutes } from './routes/user-sync-schedule.ts';
import { createUsersRoutes } from './routes/users.ts';
import { refuseInvalid } from './validation.ts';

const BODY_MAX_BYTES = 1024 * 1024;

/** The whole of HTTP as one app. It opens no port and starts nothing: `server.ts` serves it, tests call `request()`. */
export const createApp = (dependencies: ApiDependencies): OpenAPIHono<AppEnv> => {
  const { apiTokens, sessions, tenants, log, metrics, clientAddress, publicUrl, sbcUrl, formTargets } = dependencies;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  const assets = createAssets();
  const cookie = createSessionCookie(publicUrl);
  const ownOrigins = [publicUrl, ...(sbcUrl ? [sbcUrl] : [])];

  app.onError(answerError);
  app.notFound((c) => answerError(notFound('address'), c));

  app.use(requestId());
  app.use(accessLog(log, metrics));
  app.use(securityHeaders({ publicUrl, formTargets }));
  app.use(noStore);
  app.use(async (c, next) => {
    c.set('ip', clientAddress(c));
    c.set('assets', assets);
    c.set('tenants', tenants);
    await next();
  });
  app.use(bodyLimit({ maxSize: BODY_MAX_BYTES }));

  app.route('/', createHealthRoutes(dependencies));
  app.route('/assets', assets.routes);

  app.route('/', createGoogleNotificationRoutes(dependencies));

  app.use(authenticate({ apiTokens, sessions, cookie }));

  app.route('/', createGoogleCallbackRoutes(dependencies));
  app.use('/api/v1/*', crossSiteGuard(ownOrigins));
  for (const routes of [
    createTenantRoutes(dependencies),
    createAdministratorRoutes(dependencies),
    createApiTokenRoutes(dependencies),
    createAuditRoutes(dependencies),
    createUsersRoutes(dependencies),
    createUserPhotoRoutes(dependencies),
    createExtensionNumberRoutes(dependencies),
    createUserSyncRoutes(dependencies),
    createUserSyncScheduleRoutes(dependencies),
    createUserSyncBindingRoutes(dependencies),
    createUserSyncDirectoryRoutes(dependencies),
    createUserSyncPeopleRoutes(dependencies),
    createUserSyncPushRoutes(dependencies),
    createUserSyncApprovalRoutes(dependencies),
    createUserSyncExplainRoutes(dependencies),
    createGoogleWorkspaceRoutes(dependencies),
  ]) {
    app.route('/api/v1', routes);
  }
  addOpenApi(app, publicUrl);

  // Last, because the guard stands before everything that follows it.
  app.use(crossSiteGuard(ownOrigins));
  app.route('/', createPortal({ ...dependencies, cookie }));

  return app;
};
