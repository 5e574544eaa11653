import type { GooglePhotos, LargePhoto } from '../../src/google/index.ts';

export type ScriptedPhotos = GooglePhotos & {
  /** Thumbnails by Google id. */
  thumbnails: Map<string, Buffer>;
  large: Map<string, LargePhoto>;
  /** What the next requests for somebody throw, one each. */
  faults: Map<string, Error[]>;
  /** Google ids in the order of the requests. */
  readonly asked: string[];
  /** Runs before each answer. */
  beforeAnswer?: (signal: AbortSignal | undefined) => Promise<void>;
};

/** The beginning of a PNG, and something that makes it this picture. */
export const png = (content: string): Buffer =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from(content)]);

/** Pictures behind the client's own interface, for what the feature does with answers and failures. */
export const scriptedPhotos = (): ScriptedPhotos => {
  const script: ScriptedPhotos = {
    thumbnails: new Map(),
    large: new Map(),
    faults: new Map(),
    asked: [],
    async getThumbnail({ googleId, signal }) {
      script.asked.push(googleId);
      await script.beforeAnswer?.(signal);
      const fault = script.faults.get(googleId)?.shift();
      if (fault) throw fault;
      return script.thumbnails.get(googleId);
    },
    async findLarge({ googleIds }) {
      return new Map([...script.large].filter(([id]) => googleIds.includes(id)));
    },
    async fetchLarge({ url }) {
      const fault = script.faults.get(url)?.shift();
      if (fault) throw fault;
      return png(url);
    },
  };
  return script;
};
