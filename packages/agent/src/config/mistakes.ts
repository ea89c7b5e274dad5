/** What is wrong with a configuration: every mistake with its place, all of them at once. */

/** A file with more mistakes than this is not a configuration of ours; the rest is only counted. */
const MAX_SHOWN = 50;

/** A mistake and where it is; without a line where the file as a whole is meant. */
export class ConfigMistake extends Error {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, file: string, place?: { readonly line: number; readonly col: number }) {
    super(message);
    this.name = 'ConfigMistake';
    this.file = file;
    this.line = place?.line;
    this.column = place?.col;
  }

  /** `file:line:column: message`, which editors and terminals turn into a link. */
  override toString(): string {
    const place = this.line === undefined ? this.file : `${this.file}:${this.line}:${this.column}`;
    return `${place}: ${this.message}`;
  }
}

/** Mistakes in the order of the files. */
export class Mistakes {
  readonly #found: ConfigMistake[] = [];

  get count(): number {
    return this.#found.length;
  }

  add(mistake: ConfigMistake): void {
    this.#found.push(mistake);
  }

  /** Runs `read`; a mistake that it throws is kept, and the reading goes on with `otherwise`. */
  collect<T>(read: () => T, otherwise: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigMistake)) throw error;
      this.add(error);
      return otherwise;
    }
  }

  /** @throws {AgentConfigError} where there is any mistake */
  throwIfAny(): void {
    if (this.#found.length > 0) throw new AgentConfigError(this.#found);
  }
}

/** A configuration that cannot be used. */
export class AgentConfigError extends Error {
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    const inOrder = mistakes.toSorted(
      (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    const lines = inOrder.slice(0, MAX_SHOWN).map(String);
    if (inOrder.length > MAX_SHOWN) lines.push(`and ${inOrder.length - MAX_SHOWN} more`);
    super(lines.join('\n'));
    this.name = 'AgentConfigError';
    this.mistakes = inOrder;
  }
}
