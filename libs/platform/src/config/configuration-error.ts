/** A setting is missing or wrong. The message is for the person who starts the program: it names the variable, the problem and the cure. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
