/** How long the steps of a run work at a stretch, and how much they take at once. */
export interface SyncPace {
  /**
   * One activity reads pages for about this long and then reports back. Whoever waits for a worker's slot waits for the
   * end of a stretch; a new one costs a large tenant some 50 ms.
   */
  readonly readStretchMs: number;
  readonly applyStretchMs: number;
  /** Google answers 503 once one listing takes more than 60 minutes (Directory API, "Troubleshoot error codes"). */
  readonly listingMaxAgeMs: number;
  /** The pause after a throttled answer that names no time. */
  readonly throttlePauseMs: number;
  /** People of a partial run that are asked for at the same time. */
  readonly peopleParallel: number;
  /** People of a partial run whose records are stored together. */
  readonly peoplePage: number;
  /** How long a run that Google’s messages asked for collects people before it begins. */
  readonly pushDebounceMs: number;
  /** Life that is asked of Google for a channel; it may grant less, and what it grants is obeyed. */
  readonly pushTtlSeconds: number;
  /** Channels are never looked at more often than this on their own. */
  readonly pushShortestWaitMs: number;
  readonly photoStretchMs: number;
  /** Photos that one stretch takes on at most; more than Google's quota lets through in that time. */
  readonly photoStretch: number;
  /** Photos under way at the same time; with the ones waiting to be stored they bound the memory. */
  readonly photosParallel: number;
  /** Photos that are stored together … */
  readonly photoBatch: number;
  /** … or fewer, once they have this many bytes. */
  readonly photoBatchBytes: number;
  /** Rows of a plan that are applied, and settled, together. */
  readonly applyBatch: number;
  /** Batches that are applied at the same time, each on a connection of its own. */
  readonly applyParallel: number;
  /** People that are decided on together. */
  readonly planBatch: number;
}

export const DEFAULT_PACE: SyncPace = {
  readStretchMs: 10_000,
  applyStretchMs: 10_000,
  listingMaxAgeMs: 55 * 60_000,
  throttlePauseMs: 2_000,
  peopleParallel: 8,
  peoplePage: 50,
  pushDebounceMs: 3_000,
  pushTtlSeconds: 6 * 60 * 60,
  pushShortestWaitMs: 5_000,
  photoStretchMs: 10_000,
  photoStretch: 1_000,
  photosParallel: 12,
  photoBatch: 25,
  photoBatchBytes: 4 * 1024 * 1024,
  applyBatch: 1_000,
  applyParallel: 2,
  planBatch: 1_000,
};
