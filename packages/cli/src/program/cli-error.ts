/** Statuses of the program: 0 good, 1 it could not be done, 2 wrong usage, 130 after Ctrl-C. */
export const STATUS = { failed: 1, usage: 2, interrupted: 130 } as const;

/** What went wrong in a sentence or two, for the person who typed the command. No stack is shown. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly status: number;

  constructor(message: string, status: number = STATUS.failed) {
    super(message);
    this.status = status;
  }
}

/** The error for a command line that cannot be understood. */
export function usage(message: string): CliError {
  return new CliError(message, STATUS.usage);
}
