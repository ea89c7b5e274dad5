/** What one check has found out. */
export interface Finding {
  readonly what: string;
  readonly isRight: boolean;
  /** What is printed where it is not right. */
  readonly said: string;
}
