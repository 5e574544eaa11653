import { Hono } from 'hono';
import { z } from 'zod';
import { stateKindOf } from '../../authorization/index.ts';
import { AppError, notFound } from '../../errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppContext, AppEnv } from '../environment.ts';
import { createConsentCookie } from '../middleware/consent-cookie.ts';
import { levelPath } from '../portal/navigation.ts';

const requestIdSchema = z.uuid();

/** What Google sends; whatever else comes along is ignored, as OpenID Connect asks. */
const answerSchema = z.object({
  state: z.string().max(512),
  code: z.string().min(1).max(2048).optional(),
  error: z.string().min(1).max(256).optional(),
  iss: z.string().max(256).optional(),
});

const unknownAnswer = (): AppError =>
  new AppError(
    'AUTHORIZATION_UNKNOWN',
    'This address belongs to no sign-in or consent that was begun here. Go back to the portal and begin again.',
  );

/** Where browsers leave for Google and come back from it. */
export const createGoogleCallbackRoutes = ({
  authorization,
  publicUrl,
}: Pick<ApiDependencies, 'authorization' | 'publicUrl'>) => {
  const routes = new Hono<AppEnv>();
  const cookie = createConsentCookie(publicUrl);

  const answerConsent = async (c: AppContext, answer: z.output<typeof answerSchema>): Promise<Response> => {
    const { tenantId, requestId } = await authorization.answer({
      ...answer,
      browserTokenFor: (id) => cookie.read(c, id),
    });
    cookie.clear(c, requestId);
    return c.redirect(`${levelPath(tenantId)}/google-workspace?consent=${requestId}`, 303);
  };

  routes.get('/google/start/:requestId', async (c) => {
    const { actor, session } = c.get('identity') ?? {};
    if (!actor || !session) throw new AppError('SIGN_IN_REQUIRED', 'Sign in to the portal, then open this link again.');
    const requestId = requestIdSchema.safeParse(c.req.param('requestId'));
    if (!requestId.success) throw notFound('authorization');
    const { googleUrl, browserToken, expiresAt } = await authorization.startConsent(actor, requestId.data);
    cookie.write(c, requestId.data, browserToken, expiresAt);
    return c.redirect(googleUrl, 303);
  });

  routes.get('/google/callback', async (c) => {
    const answer = answerSchema.safeParse(c.req.query());
    if (!answer.success) throw unknownAnswer();
    switch (stateKindOf(answer.data.state)) {
      case 'consent':
        return answerConsent(c, answer.data);
      default:
        throw unknownAnswer();
    }
  });

  return routes;
};
