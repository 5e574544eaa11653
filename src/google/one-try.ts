import { gaxios } from 'google-auth-library';

/**
 * Google's HTTP client without its own retries: it would send one-time codes twice, ignores Retry-After, and waits in
 * memory where a workflow waits durably. Every request ends after `timeoutMs`.
 */
export class OneTry extends gaxios.Gaxios {
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;

  constructor(timeoutMs: number, signal?: AbortSignal) {
    super();
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  override request<T = unknown>(options: gaxios.GaxiosOptions = {}): gaxios.GaxiosPromise<T> {
    const { retryConfig: _ignored, ...kept } = options;
    return super.request<T>({
      ...kept,
      retry: false,
      timeout: this.#timeoutMs,
      ...(this.#signal && { signal: this.#signal }),
    });
  }
}
