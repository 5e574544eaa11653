import type { DirectoryUser } from '../../google/index.ts';

/**
 * Whether this is a person of another Google customer than the integration's. Google tells resellers of their
 * customers' people too, when somebody is asked for by id or address; a listing holds the own customer alone.
 *
 * @param customerId the customer that the integration is pinned to; undefined when Google never told it
 */
export const isOfAnotherCompany = (user: DirectoryUser, customerId: string | undefined): boolean =>
  customerId !== undefined && typeof user.customerId === 'string' && user.customerId !== customerId;
