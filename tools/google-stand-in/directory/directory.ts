import type { NewPerson, Person, PersonChange } from './person.ts';

export type OrderBy = 'email' | 'familyName' | 'givenName';
export type ChangeEvent = 'add' | 'delete' | 'makeAdmin' | 'undelete' | 'update';

type Ordered = { people: Person[]; sorted: boolean };

/** The users of one company, kept in each order that was asked for, so that a page costs only its own size. */
export function createDirectory(
  customerId: string | undefined,
  onChange: (event: ChangeEvent, person: Person) => void,
) {
  const live = new Map<string, Person>();
  const deleted = new Map<string, Person>();
  const byAddress = new Map<string, Person>();
  const orders = new Map<string, Ordered>();
  let version = 1;

  function index(person: Person): void {
    for (const address of [person.primaryEmail, ...person.aliases]) byAddress.set(address.toLowerCase(), person);
  }

  function unindex(person: Person): void {
    for (const address of [person.primaryEmail, ...person.aliases]) {
      if (byAddress.get(address.toLowerCase()) === person) byAddress.delete(address.toLowerCase());
    }
  }

  /** Sorting again is cheap: what was sorted stays in long ordered runs. */
  function disturb(): void {
    for (const order of orders.values()) order.sorted = false;
  }

  function touch(event: ChangeEvent, person: Person): void {
    version += 1;
    person.version = version;
    onChange(event, person);
  }

  return {
    get version() {
      return version;
    },
    get size() {
      return live.size;
    },
    people: () => live.values(),
    deletedPeople: () => deleted.values(),

    /** By id, primary address or alias. */
    find(userKey: string): Person | undefined {
      return live.get(userKey) ?? byAddress.get(userKey.toLowerCase());
    },
    isLive: (id: string): boolean => live.has(id),
    findDeleted: (id: string): Person | undefined => deleted.get(id),

    add(id: string, given: NewPerson, creationTime: string): Person {
      const person: Person = {
        aliases: [],
        givenName: undefined,
        familyName: undefined,
        orgUnitPath: '/',
        department: undefined,
        title: undefined,
        phones: [],
        managerEmail: undefined,
        isAdmin: false,
        isDelegatedAdmin: false,
        isEnrolledIn2Sv: false,
        isMailboxSetup: true,
        suspended: false,
        suspensionReason: undefined,
        archived: false,
        creationTime,
        lastLoginTime: '1970-01-01T00:00:00.000Z',
        photoSeed: undefined,
        photoKind: 'drawn',
        photoUrl: undefined,
        sendAs: [],
        overrides: {},
        ...given,
        id,
        customerId,
        deletionTime: undefined,
        version: 0,
        written: undefined,
        checkedVersion: 0,
      };
      live.set(id, person);
      index(person);
      for (const [key, order] of orders) if (key.startsWith('live')) order.people.push(person);
      disturb();
      touch('add', person);
      return person;
    },

    /** A renamed person keeps the old address as an alias, as at Google. */
    change(person: Person, change: PersonChange): void {
      unindex(person);
      const before = person.primaryEmail;
      const wasAdmin = person.isAdmin;
      for (const [name, value] of Object.entries(change)) Object.assign(person, { [name]: value ?? undefined });
      if (person.primaryEmail.toLowerCase() !== before.toLowerCase() && !change.aliases)
        person.aliases = [before, ...person.aliases];
      index(person);
      disturb();
      touch(person.isAdmin === wasAdmin ? 'update' : 'makeAdmin', person);
    },

    delete(person: Person, deletionTime: string): void {
      person.deletionTime = deletionTime;
      live.delete(person.id);
      unindex(person);
      deleted.set(person.id, person);
      orders.clear();
      touch('delete', person);
    },

    undelete(person: Person): void {
      person.deletionTime = undefined;
      deleted.delete(person.id);
      live.set(person.id, person);
      index(person);
      orders.clear();
      touch('undelete', person);
    },

    /** Everyone in this order; the array belongs to the directory. */
    ordered(orderBy: OrderBy, which: 'live' | 'deleted'): readonly Person[] {
      const key = `${which} ${orderBy}`;
      const order = orders.get(key) ?? { people: [...(which === 'live' ? live : deleted).values()], sorted: false };
      orders.set(key, order);
      if (!order.sorted) sort(order.people, orderBy);
      order.sorted = true;
      return order.people;
    },
  };
}

export type Directory = ReturnType<typeof createDirectory>;

export type SortKey = { text: string; id: string };

export function sortKeyOf(person: Person, orderBy: OrderBy): SortKey {
  switch (orderBy) {
    case 'email':
      return { text: person.primaryEmail.toLowerCase(), id: person.id };
    case 'familyName':
      return { text: (person.familyName ?? '').toLowerCase(), id: person.id };
    case 'givenName':
      return { text: (person.givenName ?? '').toLowerCase(), id: person.id };
  }
}

export function compareKeys(one: SortKey, other: SortKey): number {
  if (one.text !== other.text) return one.text < other.text ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

function sort(people: Person[], orderBy: OrderBy): void {
  const keyed = people.map((person) => ({ person, key: sortKeyOf(person, orderBy) }));
  keyed.sort((one, other) => compareKeys(one.key, other.key));
  for (const [index, { person }] of keyed.entries()) people[index] = person;
}
