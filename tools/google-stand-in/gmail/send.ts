import { randomBytes } from 'node:crypto';
import type { ApiCall, ApiResult } from '../api/api-call.ts';
import { ApiError, invalidArgument } from '../api/api-error.ts';
import type { Person } from '../directory/person.ts';
import { addressesOf, decodeHeader, headerOf, type ParsedMessage, parseMessage, writeMessage } from './message.ts';
import { readUpload, type Upload } from './upload.ts';

const jsonMaxBytes = 5 * 1024 * 1024;
const recipientsMax = 500;

/** messages.send: JSON `raw`, or an upload. The mail lands in the outbox of the stand-in. */
export function sendMessage(call: ApiCall): ApiResult {
  const { world, person } = call;
  requireOwnMailbox(call);
  const upload = call.upload ? readUpload(call) : fromJson(call.body);
  if ('answer' in upload) return upload;
  const message = parseMessage(upload.raw);
  if (!message) throw invalidArgument('Invalid message');
  const recipients = recipientsOf(message);
  const from = senderOf(message, person);
  const messageId = headerOf(message, 'Message-ID') ?? `<CA${randomBytes(24).toString('base64url')}@mail.gmail.com>`;
  const delivered: ParsedMessage = {
    headers: [
      ...message.headers.filter(({ name }) => !['bcc', 'from', 'message-id'].includes(name.toLowerCase())),
      { name: 'From', value: from },
      { name: 'Message-ID', value: messageId },
    ],
    body: message.body,
  };
  const mail = world.mailbox.keep(
    {
      threadId: typeof upload.metadata.threadId === 'string' ? upload.metadata.threadId : undefined,
      account: person.primaryEmail,
      from: decodeHeader(from),
      recipients,
      subject: decodeHeader(headerOf(message, 'Subject') ?? ''),
      messageId,
      headers: delivered.headers.map(({ name, value }) => ({ name, value: decodeHeader(value) })),
      via: upload.via,
    },
    writeMessage(delivered),
  );
  return { value: { id: mail.id, threadId: mail.threadId, labelIds: ['SENT'] } };
}

/** `me` or the own address, and a mailbox to send from. */
export function requireOwnMailbox({ params, person }: ApiCall): void {
  const userId = params.userId ?? 'me';
  if (userId !== 'me' && userId.toLowerCase() !== person.primaryEmail.toLowerCase()) {
    throw new ApiError({ status: 403, reason: 'forbidden', message: `Delegation denied for ${person.primaryEmail}` });
  }
  if (!person.isMailboxSetup)
    throw new ApiError({ status: 400, reason: 'failedPrecondition', message: 'Mail service not enabled' });
}

function fromJson(body: Record<string, unknown>): Upload {
  if (typeof body.raw !== 'string' || body.raw === '') {
    throw new ApiError({
      status: 400,
      reason: 'invalidArgument',
      message: "'raw' RFC822 payload message string or uploading message via /upload/* URL required",
    });
  }
  if (!/^[\w\-+/]*={0,2}$/.test(body.raw))
    throw invalidArgument("Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed");
  const raw = Buffer.from(body.raw, 'base64url');
  if (raw.length > jsonMaxBytes)
    throw new ApiError({ status: 413, reason: 'uploadTooLarge', message: 'Request Entity Too Large' });
  return { raw, metadata: body, via: 'json' };
}

function recipientsOf(message: ParsedMessage): string[] {
  const recipients = new Set<string>();
  for (const name of ['To', 'Cc', 'Bcc']) {
    const addresses = addressesOf(headerOf(message, name) ?? '');
    if (!addresses) throw new ApiError({ status: 400, reason: 'invalidArgument', message: `Invalid ${name} header` });
    for (const address of addresses) recipients.add(address);
  }
  if (recipients.size === 0)
    throw new ApiError({ status: 400, reason: 'invalidArgument', message: 'Recipient address required' });
  if (recipients.size > recipientsMax)
    throw new ApiError({ status: 400, reason: 'invalidArgument', message: 'Too many recipients' });
  return [...recipients];
}

/** Any address but the own one and verified send-as addresses is replaced without a word; the display name stays. */
function senderOf(message: ParsedMessage, person: Person): string {
  const asked = headerOf(message, 'From');
  if (!asked) return person.primaryEmail;
  const addresses = addressesOf(asked);
  if (addresses?.length !== 1)
    throw new ApiError({ status: 400, reason: 'invalidArgument', message: 'Invalid From header' });
  const allowed = [person.primaryEmail, ...person.sendAs].map((address) => address.toLowerCase());
  if (allowed.includes((addresses[0] ?? '').toLowerCase())) return asked;
  const name = /^(.*?)\s*<[^<>]*>\s*$/.exec(asked)?.[1];
  return name ? `${name} <${person.primaryEmail}>` : person.primaryEmail;
}
