import { Hono } from 'hono';
import { z } from 'zod';
import type { Actor } from '../../../tenants/index.ts';
import type { LookUp } from '../../../user-sync/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { statusOf, toAppError } from '../../problem-details.ts';
import { searchText } from '../../routes/user-sync-directory.ts';
import { type Suggestion, Suggestions } from '../pages/user-sync/settings/picker.tsx';

const kinds = z.enum(['users', 'groups', 'org-units', 'domains']);

/** Parts of a page for the pickers of the settings: what the Google directory has that fits the typed text. */
export const createUserSyncSuggestions = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const { lookup } = userSync;

  const find = async (kind: z.infer<typeof kinds>, actor: Actor, query: LookUp): Promise<Suggestion[]> => {
    switch (kind) {
      case 'users':
        return (await lookup.people(actor, query)).map(({ email, name }) => ({ value: email, label: name }));
      case 'groups':
        return (await lookup.groups(actor, query)).map(({ email, name }) => ({ value: email, label: name }));
      case 'org-units':
        return (await lookup.orgUnits(actor, query)).map(({ path }) => ({ value: path, label: path }));
      case 'domains':
        return (await lookup.domains(actor, query)).map(({ domain }) => ({ value: domain, label: domain }));
    }
  };

  return new Hono<AppEnv>().get(
    '/tenants/:tenantId/google-workspace/user-sync/settings/suggestions/:kind',
    requireActor('admin'),
    async (c) => {
      const kind = kinds.safeParse(c.req.param('kind'));
      const text = searchText.safeParse(c.req.query('q') ?? '');
      if (!kind.success || !text.success) return c.html(<Suggestions found={[]} message={undefined} />);
      const query = { tenantId: c.get('tenantId'), text: text.data, signal: c.req.raw.signal };
      try {
        const found = await find(kind.data, c.get('actor'), query);
        const message = found.length === 0 ? 'Nothing found. You can type it into the list all the same.' : undefined;
        return c.html(<Suggestions found={found} message={message} />);
      } catch (error) {
        const refusal = toAppError(error);
        if (statusOf(refusal) === 500) throw error;
        return c.html(<Suggestions found={[]} message={refusal.publicMessage} />);
      }
    },
  );
};
