import { type Answer, html, json, type Request } from '../http/exchange.ts';
import { mailPage, outboxPage } from '../pages/outbox-page.ts';
import type { World } from '../world.ts';
import { createActions } from './actions.ts';
import { ControlError } from './control-error.ts';

export const controlPath = '/_control/';

/** `POST /_control/<action>` with one JSON value; the outbox is also a page. */
export function createControlEndpoint(world: World) {
  const actions = createActions(world) as Record<string, (input?: unknown) => unknown>;

  return async (request: Request): Promise<Answer> => {
    const name = request.path.slice(controlPath.length);
    if (request.method === 'GET') return page(name);
    if (!Object.hasOwn(actions, name)) return json(404, { error: `no action ${name}` });
    try {
      const input = request.body.length > 0 ? JSON.parse(request.body.toString('utf8')) : undefined;
      return json(200, (await actions[name]?.(input)) ?? null);
    } catch (error) {
      if (!(error instanceof ControlError || error instanceof SyntaxError)) throw error;
      return json(400, { error: error.message });
    }
  };

  function page(name: string): Answer {
    if (name === 'outbox') return html(200, outboxPage(world.mailbox.mails()));
    const [, id = '', raw] = /^outbox\/([0-9a-f]+)(\/raw)?$/.exec(name) ?? [];
    const bytes = world.mailbox.raw(id);
    const mail = world.mailbox.mails().find((each) => each.id === id);
    if (!bytes || !mail) return json(404, { error: `no page ${name}` });
    if (!raw) return html(200, mailPage(mail, bytes.toString('utf8')));
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
      body: bytes,
    };
  }
}
