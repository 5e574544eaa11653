/** Something on this machine keeps the product from starting; the message is for the person at the terminal and says what to do. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
