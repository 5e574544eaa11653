import { createHash } from 'node:crypto';
import type { Request } from './http/exchange.ts';

/**
 * What happens instead of, or besides, the ordinary answer.
 * - `error`: this status instead. `{retryAfter}` in `message` becomes an ISO time `retryAfterMs` ahead, as Gmail words it.
 *   On the OAuth endpoints `reason` is the `error` and `message` the `error_description`. `body` replaces the whole body.
 * - `drop-before-answer`: the connection is cut, nothing was done. `lose-answer`: it was done, then the connection is cut.
 * - `drop-mid-body`: done, and half of the answer is sent.
 * - `empty-listing`: 200 without items and without a next page. `truncated-listing`: `keep` items, and no next page.
 * - `redirect`: 302 to `location`.
 * - `delay`: nothing but the wait of `delayMs`, which every kind may have.
 */
export type FaultEffect =
  | {
      kind: 'error';
      status: number;
      reason?: string;
      message?: string;
      domain?: string;
      errorSubtype?: string;
      retryAfterMs?: number;
      retryAfterHeader?: string;
      body?: string;
    }
  | { kind: 'delay' | 'drop-before-answer' | 'drop-mid-body' | 'lose-answer' | 'empty-listing' }
  | { kind: 'truncated-listing'; keep: number }
  | { kind: 'redirect'; location: string };

/** `after` calls pass first, then `count` calls fail (all, when absent), each with `probability` drawn from `seed`. */
export type Fault = FaultEffect & {
  pathPrefix: string;
  method?: string;
  queryIncludes?: string;
  after?: number;
  count?: number;
  probability?: number;
  seed?: number;
  delayMs?: number;
};

export type FaultState = { id: number; fault: Fault; seen: number; fired: number };

export function createFaults() {
  const states: FaultState[] = [];
  let nextId = 1;
  return {
    states,
    add(fault: Fault): number {
      states.push({ id: nextId, fault, seen: 0, fired: 0 });
      return nextId++;
    },
    remove(id: number): void {
      const at = states.findIndex((state) => state.id === id);
      if (at >= 0) states.splice(at, 1);
    },
    clear(): void {
      states.length = 0;
    },
    /** The first fault that strikes this request, in the order they were set. */
    strike(request: Request): Fault | undefined {
      for (const state of states) {
        const { fault } = state;
        if (fault.method && fault.method !== request.method) continue;
        if (!request.path.startsWith(fault.pathPrefix)) continue;
        if (fault.queryIncludes && !request.query.toString().includes(fault.queryIncludes)) continue;
        state.seen += 1;
        if (state.seen <= (fault.after ?? 0)) continue;
        if (fault.count !== undefined && state.fired >= fault.count) continue;
        if (fault.probability !== undefined && chance(fault.seed ?? 1, state.seen) >= fault.probability) continue;
        state.fired += 1;
        return fault;
      }
      return undefined;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;

function chance(seed: number, call: number): number {
  return createHash('sha256').update(`${seed}:${call}`).digest().readUInt32BE(0) / 2 ** 32;
}
