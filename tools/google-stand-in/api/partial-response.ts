import { invalidArgument } from './api-error.ts';
import type { Schema } from './discovery.ts';

/** A parsed `fields` mask: what to keep of an object. `'all'` keeps the whole value. */
export type Mask = 'all' | Map<string, Mask>;

/**
 * Parses Google's `fields` syntax (`a,b/c,d(e,f/g),*`) and refuses fields that the answer's schema does not have.
 * Values of type `any` may be selected, and selected into, freely.
 */
export function parseMask(text: string, schema: Schema | undefined, schemas: Record<string, Schema>): Mask {
  let at = 0;
  const mask = list(schema);
  if (at !== text.length) invalid();
  return mask;

  function list(within: Schema | undefined): Mask {
    const fields = new Map<string, Mask>();
    for (;;) {
      const [name, mask] = field(within);
      fields.set(name, merge(fields.get(name), mask));
      if (text[at] !== ',') return fields;
      at += 1;
    }
  }

  function field(within: Schema | undefined): [string, Mask] {
    const start = at;
    while (at < text.length && !',/()'.includes(text[at] ?? '')) at += 1;
    const name = text.slice(start, at);
    if (!name) invalid();
    const child = childOf(within, name);
    if (text[at] === '/') {
      at += 1;
      const [inner, mask] = field(child);
      return [name, new Map([[inner, mask]])];
    }
    if (text[at] === '(') {
      at += 1;
      const mask = list(child);
      if (text[at] !== ')') invalid();
      at += 1;
      return [name, mask];
    }
    return [name, 'all'];
  }

  function childOf(within: Schema | undefined, name: string): Schema | undefined {
    const object = itemOf(resolve(within));
    if (!object || object.type === 'any' || name === '*') return undefined;
    const child = object.properties?.[name] ?? object.additionalProperties;
    if (!child) invalid(name);
    return itemOf(resolve(child));
  }

  function resolve(given: Schema | undefined): Schema | undefined {
    return given?.$ref ? schemas[given.$ref] : given;
  }

  function itemOf(given: Schema | undefined): Schema | undefined {
    return given?.type === 'array' ? resolve(given.items) : given;
  }

  function invalid(name = text): never {
    throw invalidArgument(`Invalid field selection ${name}`, 'fields');
  }
}

function merge(one: Mask | undefined, other: Mask): Mask {
  if (one === undefined) return other;
  if (one === 'all' || other === 'all') return 'all';
  const merged = new Map(one);
  for (const [name, mask] of other) merged.set(name, merge(merged.get(name), mask));
  return merged;
}

/** The part of a value that a mask keeps; arrays are masked item by item. */
export function applyMask(value: unknown, mask: Mask): unknown {
  if (mask === 'all' || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => applyMask(item, mask));
  const every = mask.get('*');
  const kept: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const childMask = mask.get(name) ?? every;
    if (childMask !== undefined) kept[name] = applyMask(child, childMask);
  }
  return kept;
}

/** The mask of one field's value; undefined when the field is not selected at all. */
export function maskWithin(mask: Mask, name: string): Mask | undefined {
  return mask === 'all' ? 'all' : (mask.get(name) ?? mask.get('*'));
}
