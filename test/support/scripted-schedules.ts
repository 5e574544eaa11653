import type { SyncSchedules, WantedSchedule } from '../../src/user-sync/index.ts';

export type ScriptedSchedules = SyncSchedules & {
  /** What there is, by tenant. */
  readonly made: Map<string, WantedSchedule>;
  /** Changes asked for, in order. */
  readonly asked: string[];
  /** While set, every call fails with it. */
  fault: Error | undefined;
  next: Date[];
  missed: number;
};

/** Schedules behind the feature's own port, in memory. */
export const scriptedSchedules = (): ScriptedSchedules => {
  const answer = async <Result>(result: () => Result): Promise<Result> => {
    if (script.fault) throw script.fault;
    return result();
  };
  const script: ScriptedSchedules = {
    made: new Map(),
    asked: [],
    fault: undefined,
    next: [],
    missed: 0,
    marks: () => answer(() => new Map([...script.made].map(([tenantId, made]) => [tenantId, JSON.stringify(made)]))),
    markOf: (wanted) => JSON.stringify(wanted),
    make: async (wanted) => {
      if (!script.made.has(wanted.tenantId)) await script.put(wanted);
    },
    put: (wanted) =>
      answer(() => {
        script.asked.push(`put ${wanted.tenantId}`);
        script.made.set(wanted.tenantId, wanted);
      }),
    remove: (tenantId) =>
      answer(() => {
        script.asked.push(`remove ${tenantId}`);
        script.made.delete(tenantId);
      }),
    outlook: (tenantId) =>
      answer(() => (script.made.has(tenantId) ? { next: script.next, missed: script.missed } : undefined)),
  };
  return script;
};
