import type { SentMail } from '../gmail/mailbox.ts';
import { markup, page } from './layout.ts';

/** All mail that went out, newest first. */
export function outboxPage(mails: SentMail[]): string {
  const rows = mails
    .toReversed()
    .map(
      (mail) =>
        markup`<tr><td><a href="/_control/outbox/${mail.id}">${mail.subject || '(no subject)'}</a></td><td>${mail.from}</td><td>${mail.recipients.join(', ')}</td><td><time>${mail.sentAt}</time></td></tr>`,
    );
  return page(
    'Outbox',
    markup`<h1>Outbox</h1>
${rows.length === 0 ? markup`<p class="soft">No mail was sent yet.</p>` : markup`<table><thead><tr><th>Subject</th><th>From</th><th>Recipients</th><th>Sent</th></tr></thead><tbody>${rows}</tbody></table>`}`,
  );
}

/** One mail as it arrived; nothing in it is rendered. */
export function mailPage(mail: SentMail, raw: string): string {
  return page(
    mail.subject || '(no subject)',
    markup`<p><a href="/_control/outbox">Outbox</a></p>
<h1>${mail.subject || '(no subject)'}</h1>
<table><tbody>
<tr><th>From</th><td>${mail.from}</td></tr>
<tr><th>Recipients</th><td>${mail.recipients.join(', ')}</td></tr>
<tr><th>Sent by</th><td>${mail.account}</td></tr>
<tr><th>Sent</th><td>${mail.sentAt}</td></tr>
</tbody></table>
<pre>${raw}</pre>
<p><a href="/_control/outbox/${mail.id}/raw">Raw message</a></p>`,
  );
}
