import type { Request } from './http/exchange.ts';

export type LoggedRequest = { method: string; path: string; query: string; status: number | 'dropped'; at: string };
export type RequestFilter = { method?: string; pathPrefix?: string; status?: number | 'dropped' };

const secretParams = new Set([
  'access_token',
  'oauth_token',
  'token',
  'code',
  'client_secret',
  'refresh_token',
  'key',
  'id_token',
]);
const kept = 20_000;

/** Every request but the control API's own, without secrets, and a way to wait for the next ones. */
export function createRequestLog(now: () => number) {
  const entries: LoggedRequest[] = [];
  const waiting = new Set<() => void>();

  function matching(filter: RequestFilter): LoggedRequest[] {
    return entries.filter(
      (entry) =>
        (!filter.method || entry.method === filter.method) &&
        (!filter.pathPrefix || entry.path.startsWith(filter.pathPrefix)) &&
        (filter.status === undefined || entry.status === filter.status),
    );
  }

  return {
    matching,
    add(request: Request, status: LoggedRequest['status']): void {
      const query = new URLSearchParams(request.query);
      for (const name of secretParams) if (query.has(name)) query.set(name, '…');
      entries.push({
        method: request.method,
        path: request.path,
        query: query.toString(),
        status,
        at: new Date(now()).toISOString(),
      });
      if (entries.length > kept) entries.splice(0, entries.length - kept);
      for (const look of [...waiting]) look();
    },
    counts(): Record<string, number> {
      const counts: Record<string, number> = {};
      for (const { method, path } of entries) counts[`${method} ${path}`] = (counts[`${method} ${path}`] ?? 0) + 1;
      return counts;
    },
    /** Resolves as soon as `count` matching requests were answered, or with what there is after `timeoutMs`. */
    wait(filter: RequestFilter, count: number, timeoutMs: number): Promise<LoggedRequest[]> {
      return new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(matching(filter));
        };
        const look = () => {
          if (matching(filter).length >= count) finish();
        };
        const timer = setTimeout(finish, timeoutMs);
        timer.unref();
        waiting.add(look);
        look();
      });
    },
    clear(): void {
      entries.length = 0;
    },
  };
}

export type RequestLog = ReturnType<typeof createRequestLog>;
