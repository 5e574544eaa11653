import type { Company } from '../directory/company.ts';
import { createDraws } from './random.ts';

const largestSeededGroup = 200;

/**
 * A few groups: `sales` and `support` of the first people of these departments, `phones` of some others, `office` that
 * holds `sales` and `support` and so nests them, and the empty `visitors`. Each is small, whatever the directory's size.
 */
export function seedGroups(seed: string, company: Company): void {
  const { groups, directory, domain } = company;
  const make = (name: string) =>
    groups.add(groupIdFrom(`${seed}:${domain}:group:${name}`), {
      email: `${name.toLowerCase()}@${domain}`,
      name,
      description: `${name} of ${company.name}`,
    });
  const [sales, support, phones, office] = [make('Sales'), make('Support'), make('Phones'), make('Office')];
  make('Visitors');
  for (const person of directory.people()) {
    const group = person.department === 'Sales' ? sales : person.department === 'Support' ? support : phones;
    if (group.members.size < largestSeededGroup) groups.put(group, groups.person(person, 'MEMBER'));
  }
  groups.put(office, groups.group(sales, 'MEMBER'));
  groups.put(office, groups.group(support, 'MEMBER'));
  company.orgUnits.add('/Unstaffed');
}

/** Google's group ids are 15 letters and digits that begin with a zero. */
export function groupIdFrom(text: string): string {
  const draws = createDraws(text);
  const signs = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return `0${Array.from({ length: 14 }, () => draws.pick([...signs])).join('')}`;
}
