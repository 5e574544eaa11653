/** A mistake in the use of the control API. */
export class ControlError extends Error {}
