/** Something that the person at the terminal has to know and can act upon; printed without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
