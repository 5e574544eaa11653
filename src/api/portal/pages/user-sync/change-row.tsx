import type { ChangeStatus, PlanAction, PlanChange } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { ACTIONS, reasonOf, STATUSES } from './words.ts';

const LABELS: Readonly<Record<string, string>> = {
  displayName: 'Name',
  email: 'E-mail',
  givenName: 'Given name',
  familyName: 'Family name',
  phones: 'Phones',
  department: 'Department',
  title: 'Title',
  enabled: 'Enabled',
};

const show = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((phone) => `${phone.value} (${phone.type})`).join(', ') || '–';
  return String(value);
};

/** Only what differs: the rest of a person is the same before and after. */
export const Difference = ({ before, after }: Pick<PlanChange, 'before' | 'after'>) => {
  if (!before || !after) return null;
  const changed = Object.keys(LABELS).filter((key) => show(before[key]) !== show(after[key]));
  if (changed.length === 0) return null;
  return (
    <ul class="difference">
      {changed.map((key) => (
        <li>
          {LABELS[key]}: <del>{show(before[key])}</del> <span aria-hidden="true">→</span>{' '}
          <span class="visually-hidden">becomes</span> <ins>{show(after[key])}</ins>
        </li>
      ))}
    </ul>
  );
};

/** Of a row that changes nobody there is nothing to be done. */
const StatusOf = ({ base, change }: { base: string; change: PlanChange }) => {
  const { label, tone } = STATUSES[change.status as ChangeStatus];
  if (change.status === 'done' && ['skip', 'conflict', 'waiting-for-number'].includes(change.action)) return <>–</>;
  const badge = <Badge tone={tone}>{label}</Badge>;
  return change.status === 'held' ? <a href={`${base}#approvals`}>{badge}</a> : badge;
};

/** One person of a plan: what happens, why, and what becomes of it. */
export const ChangeRow = ({ base, change }: { base: string; change: PlanChange }) => {
  const action = ACTIONS[change.action as PlanAction];
  return (
    <tr>
      <th scope="row">
        <span class="person-name">
          <a href={`${base}/explain?user=${encodeURIComponent(change.googleId)}`} dir="auto">
            {change.displayName ?? change.email ?? change.googleId}
          </a>
          <span class="cell-note">{change.email}</span>
        </span>
      </th>
      <td class="number" data-label="Number">
        {change.extensionNumber ?? '–'}
      </td>
      <td data-label="What">
        <Badge tone={action.tone}>{action.label}</Badge>
      </td>
      <td data-label="Why">
        <div>
          {reasonOf(change.reason)}
          <Difference before={change.before ?? null} after={change.after ?? null} />
          {change.errorMessage && <p class="field-error">{change.errorMessage}</p>}
        </div>
      </td>
      <td data-label="State">
        <StatusOf base={base} change={change} />
      </td>
    </tr>
  );
};
