import { isGrpcServiceError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { AppError, isErrorCode } from '../errors.ts';

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/** The failure of ours somewhere under what Temporal wrapped around it. */
const ownFailure = (error: unknown): AppError | undefined => {
  for (let at = error; at instanceof Error; at = causeOf(at)) {
    if (at instanceof ApplicationFailure && isErrorCode(at.type)) return new AppError(at.type, at.message);
  }
  return undefined;
};

const unavailable = (cause: unknown): AppError =>
  new AppError('UNAVAILABLE', 'The workflow service does not answer. Nothing is lost; try again in a minute.', {
    cause,
  });

/** What Temporal's client threw, as one of ours: a refusal of an activity with its code, an outage as one. */
export const toAppError = (error: unknown): unknown => {
  const own = ownFailure(error);
  if (own) return own;
  const isOutage = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcServiceError(error);
  return isOutage || isGrpcServiceError(causeOf(error)) ? unavailable(error) : error;
};

/** The same calls, failing with our errors. */
export const withOwnErrors =
  <Input extends unknown[], Output>(call: (...input: Input) => Promise<Output>) =>
  (...input: Input): Promise<Output> =>
    call(...input).catch((error: unknown) => {
      throw toAppError(error);
    });
