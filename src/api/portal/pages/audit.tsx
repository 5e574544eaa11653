import type { AuditView } from '../../../tenants/index.ts';
import { Empty } from '../components/empty.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';
import { Time } from '../components/time.tsx';

export interface AuditPageProps {
  readonly base: string;
  readonly levelName: string;
  readonly entries: readonly AuditView[];
  readonly timeZone: string;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

/** `api-token.created` → `API token created`. */
const inWords = (action: string): string => {
  const words = action
    .replaceAll(/[.-]/g, ' ')
    .replace(/^api\b/, 'API')
    .replace(/^google\b/, 'Google');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const valueInWords = (value: AuditView['details'][string] | undefined): string =>
  Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? 'none' : String(value);

const keyInWords = (key: string): string =>
  key.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^sip\b/, 'SIP');

const Details = ({ details, target }: Pick<AuditView, 'details' | 'target'>) => {
  const facts = Object.entries(details).filter(([, value]) => value !== target.name);
  return facts.length === 0 ? null : (
    <span class="audit-details">
      {facts.map(([key, value]) => `${keyInWords(key)}: ${valueInWords(value)}`).join(' · ')}
    </span>
  );
};

export const AuditPage = ({ base, levelName, entries, timeZone, nextCursor, isFirst }: AuditPageProps) => (
  <>
    <PageHead title="Audit log" lead={`Who changed what in ${levelName}, newest first.`} />
    {entries.length === 0 ? (
      <Empty icon="list" title="Nothing happened yet" />
    ) : (
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ at, actor, ip, action, target, details }) => (
              <tr>
                <td class="nowrap">
                  <Time at={at} timeZone={timeZone} />
                </td>
                <td>
                  {actor.name}
                  {ip && <span class="cell-note">from {ip}</span>}
                </td>
                <td>
                  <strong>{inWords(action)}</strong>
                  {target.name !== actor.name && <> — {target.name}</>}
                  <Details details={details} target={target} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
    <Pager path={`${base}/audit`} nextCursor={nextCursor} isFirst={isFirst} />
  </>
);
