import { Hono } from 'hono';
import type { SyncSettings } from '../../../user-sync/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { toAppError } from '../../problem-details.ts';
import { PageHead } from '../components/page-head.tsx';
import { emptyForm, type FormState, handleForm } from '../form.ts';
import { levelOf } from '../level.ts';
import { withNotice } from '../notices.ts';
import { type PageOptions, page } from '../page.tsx';
import { SettingsForm } from '../pages/user-sync/settings-form.tsx';
import {
  SETTINGS_FORM_FIELDS,
  settingsFormSchema,
  settingsValues,
  toSettingsChange,
  toSettingsInput,
} from '../user-sync-settings-input.ts';

const SETTINGS = '/tenants/:tenantId/google-workspace/user-sync/settings';

/** What decides who gets, keeps or loses an extension: a change of it wants to be looked at first. */
const DECISIVE = ['scope', 'extensionNumbers', 'linkByEmail', 'leavers'] as const satisfies (keyof SyncSettings)[];

const isDecisive = (before: SyncSettings, after: SyncSettings): boolean =>
  DECISIVE.some((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]));

/** The settings of user sync as a form. */
export const createUserSyncSettingsPages = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const { administration } = userSync;
  const baseOf = (c: AppContext) => `/tenants/${c.get('tenantId')}/google-workspace/user-sync`;

  const show = async (c: AppContext, form?: FormState, status: PageOptions['status'] = 200) => {
    const settings = await administration.readSettings(c.get('actor'), c.get('tenantId'));
    return page(
      c,
      { title: 'Settings of user sync', active: 'google-workspace', status },
      <>
        <PageHead title="Settings of user sync" back={{ href: baseOf(c), label: 'User sync' }} />
        <SettingsForm
          base={baseOf(c)}
          settings={settings}
          form={form ?? emptyForm(settingsValues(settings))}
          firstExtension={c.get('tenant')?.firstExtension ?? 1000}
          timeZone={levelOf(c).timeZone}
        />
      </>,
    );
  };

  return new Hono<AppEnv>()
    .get(SETTINGS, requireActor('admin'), (c) => show(c))

    .post(SETTINGS, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: settingsFormSchema,
        toInput: toSettingsInput,
        async accept(input) {
          const tenantId = c.get('tenantId');
          const before = await administration.readSettings(c.get('actor'), tenantId);
          const request = { tenantId, expectedVersion: input.version, change: toSettingsChange(input) };
          try {
            const after = await administration.saveSettings(c.get('actor'), request);
            const notice = isDecisive(before, after) ? 'user-sync-preview-first' : 'user-sync-saved';
            return c.redirect(withNotice(baseOf(c), notice), 303);
          } catch (error) {
            throw toAppError(error).withFieldNames(SETTINGS_FORM_FIELDS);
          }
        },
        refuse: (form, status) => show(c, form, status === 409 ? 409 : 400),
      }),
    );
};
