/** The only way features learn the time, so that tests can tell them another. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
