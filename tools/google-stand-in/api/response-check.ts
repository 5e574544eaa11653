import type { Request } from '../http/exchange.ts';
import type { World } from '../world.ts';
import type { ApiMethod } from './discovery.ts';
import { mismatches } from './schema-check.ts';

/** Records every field of an answer that Google's schema does not have, or has with another type. */
export function checkResponse(world: World, request: Request, method: ApiMethod, value: unknown): void {
  if (world.strict === 'off' || !method.response) return;
  for (const { at, problem } of mismatches(value, method.response, method.schemas)) {
    world.violate(
      'response',
      request,
      `${method.id} answers ${at}: ${problem === 'unknown' ? 'no such field' : 'another type'}`,
    );
  }
}
