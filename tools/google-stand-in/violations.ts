/** A request or an answer that Google's own description of its API does not allow. */
export type Violation = { side: 'request' | 'response'; method: string; path: string; problem: string };

const kept = 500;

export function createViolations() {
  const list: Violation[] = [];
  return {
    list,
    add(violation: Violation): void {
      if (list.length < kept) list.push(violation);
    },
    clear(): void {
      list.length = 0;
    },
  };
}

export type Violations = ReturnType<typeof createViolations>;
