/**
 * `${NAME}` in values of the configuration, and `{app}`. Expansion happens in values after YAML has been read, so that no value
 * can add keys; what is put in is not expanded again.
 */

/** The value of a name, or undefined where it is not set. */
export type Variables = (name: string) => string | undefined;

export class UnsetVariable extends Error {
  readonly variable: string;

  constructor(variable: string) {
    super(`\${${variable}} is not set`);
    this.name = 'UnsetVariable';
    this.variable = variable;
  }
}

/**
 * Replaces `${NAME}` and, where the name is unset or empty, `${NAME:-otherwise}`. `$${` stands for `${` itself. `$NAME` without
 * braces stays as it is: a password may hold it.
 * @throws {UnsetVariable}
 */
export function expandVariables(text: string, variables: Variables): string {
  return text.replace(
    /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
    (_whole, name: string | undefined, otherwise: string | undefined) => {
      if (name === undefined) return '${';
      const value = variables(name);
      if (value !== undefined && (value !== '' || otherwise === undefined)) return value;
      if (otherwise !== undefined) return otherwise;
      throw new UnsetVariable(name);
    },
  );
}
