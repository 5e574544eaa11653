import type { GoogleChannels } from '../../src/google/channels.ts';

type Opened = Parameters<GoogleChannels['open']>[0];

export type ScriptedChannels = GoogleChannels & {
  /** Channels that Google holds open, oldest first, as they were asked for. */
  readonly live: Opened[];
  /** Every channel that was ever opened. */
  readonly opened: Opened[];
  readonly stopped: string[];
  /** The next openings throw these, one each; undefined lets one through. */
  faults: (Error | undefined)[];
  stopFaults: (Error | undefined)[];
  /** How long Google makes a channel, from now. */
  lifeMs: number;
  /** Runs before Google answers an opening. */
  beforeAnswer?: (channel: Opened) => Promise<void>;
};

/** Google’s channels behind the client’s own interface. */
export const scriptedChannels = (clock: () => Date = () => new Date()): ScriptedChannels => {
  const script: ScriptedChannels = {
    live: [],
    opened: [],
    stopped: [],
    faults: [],
    stopFaults: [],
    lifeMs: 6 * 60 * 60_000,
    async open(request) {
      const fault = script.faults.shift();
      if (fault) throw fault;
      script.opened.push(request);
      script.live.push(request);
      await script.beforeAnswer?.(request);
      return { resourceId: `resource-${request.event}`, expiresAt: new Date(clock().getTime() + script.lifeMs) };
    },
    async stop({ id }) {
      const fault = script.stopFaults.shift();
      if (fault) throw fault;
      script.stopped.push(id);
      const at = script.live.findIndex((channel) => channel.id === id);
      if (at >= 0) script.live.splice(at, 1);
    },
  };
  return script;
};
