import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { AppError } from '../errors.ts';

const RETRYABLE: Record<AppError['kind'], boolean> = {
  permanent: false,
  unauthorized: false,
  transient: true,
  throttled: true,
};

/**
 * The one place where our errors become Temporal's: type is our code, retried or not by kind, after as long as the
 * other side asked. What we did not raise ourselves crosses as one fixed sentence, because its text may hold anything.
 */
export const toApplicationFailure = (error: unknown): unknown => {
  if (error instanceof AppError) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.publicMessage,
      nonRetryable: !RETRYABLE[error.kind],
      ...(error.retryAfterMs !== undefined && { nextRetryDelay: error.retryAfterMs }),
    });
  }
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  return ApplicationFailure.create({ type: 'INTERNAL', message: 'An unexpected error; the worker’s log has it.' });
};

export const createAppErrorInterceptor = (onUnexpected: (error: unknown) => void): ActivityInboundCallsInterceptor => ({
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      const failure = toApplicationFailure(error);
      if (failure instanceof ApplicationFailure && failure.type === 'INTERNAL') onUnexpected(error);
      throw failure;
    }
  },
});
