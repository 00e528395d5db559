/** Something that a real part needs is not on this machine; the message says what, and nothing of ours is broken. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError';
}
