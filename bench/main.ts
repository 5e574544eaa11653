// The product beside the plain scripts somebody would write instead: same directory, same database server, same run.
//   npm run bench -- [--people 10000] [--rounds 3]    beside the plain scripts; several sizes: --people 10000,100000
//                    [--page-delay 500]               a Google that takes so long for a page, in milliseconds
//                    [--tenants 100]                  so many tenants of 500 people at once
//                    [--photos 5000]                  the photos of so many people
// Ends with 1 when a target is missed. Absolute times are the machine's; the ratios are what counts.
import { parseArgs } from 'node:util';
import { compareSizes, measureSize, type Size } from './beside-plain-scripts.ts';
import { measureManyTenants } from './many-tenants.ts';
import { measurePhotos } from './photos.ts';
import { type Line, printReport } from './report.ts';
import { measureSlowPages } from './slow-pages.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    'page-delay': { type: 'string' },
    tenants: { type: 'string' },
    photos: { type: 'string' },
  },
});

const wholeNumber = (name: string, text: string, least: number): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} takes ${least} or more`);
  return number;
};

const { people, tenants, photos, 'page-delay': pageDelay } = values;
const other = tenants ?? photos ?? pageDelay;
const sizes = (people ?? '10000').split(',').map((size) => wholeNumber('people', size, 10));
const rounds = wholeNumber('rounds', values.rounds, 1);

const lines: Line[] = [];
if (people !== undefined || other === undefined) {
  if (pageDelay === undefined) {
    const measured: Size[] = [];
    for (const size of sizes.toSorted((a, b) => a - b)) measured.push(await measureSize(size, rounds));
    lines.push(...measured.flatMap((size) => size.lines), ...compareSizes(measured));
  }
}
if (pageDelay !== undefined) {
  lines.push(...(await measureSlowPages(sizes[0] ?? 10_000, wholeNumber('page-delay', pageDelay, 1))));
}
if (tenants !== undefined) lines.push(...(await measureManyTenants(wholeNumber('tenants', tenants, 2), 500)));
if (photos !== undefined) lines.push(...(await measurePhotos(wholeNumber('photos', photos, 10))));
if (!printReport(lines)) process.exitCode = 1;
