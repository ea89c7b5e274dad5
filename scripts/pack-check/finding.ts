/** What one check has found out. */
export interface Finding {
  readonly what: string;
  readonly isRight: boolean;
  /** What is printed where it is not right. */
  readonly said: string;
}

/** A check that throws where something is not right. */
export async function attempt(what: string, work: () => Promise<void>): Promise<Finding> {
  try {
    await work();
    return { what, isRight: true, said: '' };
  } catch (error) {
    return { what, isRight: false, said: `${error instanceof Error ? error.stack : error}\n` };
  }
}
