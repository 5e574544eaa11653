export { type CreatePerson, createPeople, type ListPeople, type People, type Person } from './people.ts';
export type { PeopleCounts } from './people-queries.ts';
