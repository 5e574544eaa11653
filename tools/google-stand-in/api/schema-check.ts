import type { Schema } from './discovery.ts';

/** A place where a value departs from its schema; `unknown` means Google's schema has no such field. */
export type Mismatch = { at: string; problem: 'unknown' | 'type' };

/** Compares a JSON value with a schema of Google's discovery format. */
export function mismatches(value: unknown, schema: Schema, schemas: Record<string, Schema>): Mismatch[] {
  const found: Mismatch[] = [];
  check(value, schema, '');
  return found;

  function check(part: unknown, given: Schema, at: string): void {
    const expected = given.$ref ? schemas[given.$ref] : given;
    if (!expected || expected.type === 'any') return;
    if (!fits(part, expected)) {
      found.push({ at, problem: 'type' });
      return;
    }
    if (Array.isArray(part)) {
      for (const [index, item] of part.entries()) check(item, expected.items ?? {}, `${at}[${index}]`);
      return;
    }
    if (typeof part !== 'object' || part === null) return;
    for (const [name, child] of Object.entries(part)) {
      const childSchema = expected.properties?.[name] ?? expected.additionalProperties;
      const childAt = at ? `${at}.${name}` : name;
      if (childSchema) check(child, childSchema, childAt);
      else found.push({ at: childAt, problem: 'unknown' });
    }
  }
}

function fits(value: unknown, schema: Schema): boolean {
  switch (schema.type) {
    case 'string':
      return (
        typeof value === 'string' && (!schema.enum || schema.enum.includes(value)) && fitsFormat(value, schema.format)
      );
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

function fitsFormat(value: string, format: string | undefined): boolean {
  switch (format) {
    case 'int64':
      return /^-?\d+$/.test(value);
    case 'uint64':
      return /^\d+$/.test(value);
    case 'date-time':
    case 'google-datetime':
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
    default:
      return true;
  }
}
