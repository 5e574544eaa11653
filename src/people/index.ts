export { NUMBER_OWNERS, type NumberOwner } from '../pbx/numbers.ts';
export type { ChangedPerson, ChangePerson } from './change-person.ts';
export {
  type AddNumber,
  createExtensionNumbers,
  type ExtensionNumber,
  type ExtensionNumbers,
  type ListNumbers,
} from './extension-numbers.ts';
export { type CreatePerson, createPeople, type ListPeople, type People } from './people.ts';
export type { PeopleCounts } from './people-queries.ts';
export type { Person } from './person.ts';
export type { KeepNumber, NumberOfPerson } from './ports.ts';
