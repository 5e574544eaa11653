import type { ApiCall, ApiResult } from '../api/api-call.ts';
import { requireOwnMailbox } from './send.ts';

/** users.getProfile. `gmail.send` is not enough for it. */
export function getProfile(call: ApiCall): ApiResult {
  requireOwnMailbox(call);
  const sent = call.world.mailbox.mails().filter((mail) => mail.account === call.person.primaryEmail);
  return {
    value: {
      emailAddress: call.person.primaryEmail,
      messagesTotal: sent.length,
      threadsTotal: new Set(sent.map((mail) => mail.threadId)).size,
      historyId: String(1_000 + sent.length),
    },
  };
}

/** settings.sendAs.list: the primary address and the verified others. */
export function listSendAs(call: ApiCall): ApiResult {
  requireOwnMailbox(call);
  const { primaryEmail, sendAs } = call.person;
  return {
    value: {
      sendAs: [
        {
          sendAsEmail: primaryEmail,
          displayName: '',
          replyToAddress: '',
          signature: '',
          isPrimary: true,
          isDefault: true,
        },
        ...sendAs.map((sendAsEmail) => ({
          sendAsEmail,
          displayName: '',
          replyToAddress: '',
          signature: '',
          treatAsAlias: true,
          verificationStatus: 'accepted',
        })),
      ],
    },
  };
}
