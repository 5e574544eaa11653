import { randomBytes } from 'node:crypto';

/** One mail that was sent, as its recipients get it, with the envelope beside. */
export type SentMail = {
  id: string;
  threadId: string;
  account: string;
  from: string;
  /** Everyone the mail goes to, Bcc included. */
  recipients: string[];
  subject: string;
  messageId: string;
  headers: { name: string; value: string }[];
  /** How it came in. */
  via: 'json' | 'media' | 'multipart' | 'resumable';
  sizeBytes: number;
  sentAt: string;
};

export type ResumableUpload = { id: string; accountId: string; metadata: Record<string, unknown>; received: Buffer };

/** Sent mail and uploads under way. */
export function createMailbox(now: () => number) {
  const sent: { mail: SentMail; raw: Buffer }[] = [];
  const uploads = new Map<string, ResumableUpload>();
  return {
    uploads,
    mails: (): SentMail[] => sent.map(({ mail }) => mail),
    raw: (id: string): Buffer | undefined => sent.find(({ mail }) => mail.id === id)?.raw,
    keep(
      given: Omit<SentMail, 'id' | 'sentAt' | 'threadId' | 'sizeBytes'> & { threadId: string | undefined },
      raw: Buffer,
    ): SentMail {
      const id = randomBytes(8).toString('hex');
      const mail = {
        ...given,
        id,
        threadId: given.threadId ?? id,
        sizeBytes: raw.length,
        sentAt: new Date(now()).toISOString(),
      };
      sent.push({ mail, raw });
      return mail;
    },
    reset(): void {
      sent.length = 0;
      uploads.clear();
    },
  };
}
