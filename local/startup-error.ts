/**
 * A reason why the runtime cannot start that its user can mend: shown as one line, without a stack.
 * `setting` names the environment variable to change.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly setting: string;

  constructor(setting: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.setting = setting;
  }
}
