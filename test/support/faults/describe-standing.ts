import type { FaultGround } from './fault-ground.ts';
import { ask } from './look-at-database.ts';

/** Where everything stands that a run may wait for, for whoever has to find out why it did not end. */
export const describeStanding = async (ground: FaultGround, tenantId: string): Promise<string[]> => {
  const look = async (what: string, text: string): Promise<string> => {
    const rows = await ask(ground.databaseUrl, text, [tenantId]).catch((error: unknown) => String(error));
    return `${what}: ${JSON.stringify(rows)}`;
  };
  return [
    await look('open runs', 'select to_jsonb(r) as run from sync_runs r where tenant_id = $1 and finished_at is null'),
    await look(
      'open approvals',
      "select to_jsonb(a) as approval from approvals a where tenant_id = $1 and state = 'approved'",
    ),
    await look('the quota', 'select to_jsonb(p) as pace, $1::uuid as tenant from google_project_pace p'),
    `worker: ${ground.worker.output().slice(-3_000)}`,
    `server: ${ground.server.output().slice(-1_000)}`,
  ];
};
