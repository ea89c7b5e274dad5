/**
 * Completion for shells, as scripts that know all commands and options: a key press starts no Node. Each shell gets the same
 * knowledge: which words are commands, which options a command has, and what their values may be.
 */

import type { CommandPage, OptionPage } from './pages.ts';
import { valueKind } from './values.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Under which names the program is installed. */
const NAMES = ['flywatch', 'vg'] as const;

export function completionScript(shell: Shell, pages: readonly CommandPage[]): string {
  return { bash, zsh, fish }[shell](pages);
}

/** Names of an option, short and long. */
function namesOf({ short, long }: OptionPage): string[] {
  return [short, long].filter((name) => name !== undefined);
}

function takesFiles({ args }: CommandPage): boolean {
  return args.some(({ name }) => valueKind(name).type === 'files');
}

/** Words that a command's argument may be. */
function argWords({ args }: CommandPage): readonly string[] {
  return args.flatMap(({ name }) => {
    const kind = valueKind(name);
    return kind.type === 'words' ? kind.words : [];
  });
}

/** A text in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bash(pages: readonly CommandPage[]): string {
  const commands = pages.slice(1).map(({ path }) => quoted(`/${path.join('/')}`));
  const values = pages.flatMap(({ path, options }) =>
    options.flatMap((option) => {
      if (option.value === undefined) return [];
      const kind = valueKind(option.value);
      const reply =
        kind.type === 'words'
          ? `COMPREPLY=($(compgen -W ${quoted(kind.words.join(' '))} -- "$cur"))`
          : kind.type === 'files'
            ? 'COMPREPLY=($(compgen -f -- "$cur"))'
            : ':';
      const cases = namesOf(option).map((name) => quoted(`/${path.join('/')}:${name}`));
      return [`    ${cases.join('|')}) ${reply}; return ;;`];
    }),
  );
  const words = pages.map((page) => {
    const options = page.options.flatMap(namesOf);
    const own = [...page.children, ...argWords(page)];
    const files = takesFiles(page) ? ' files=1;' : '';
    return `    ${quoted(`/${page.path.join('/')}`)})${files} words=${quoted(own.join(' '))} options=${quoted(options.join(' '))} ;;`;
  });
  return `# Completion of flywatch and vg for bash. In ~/.bashrc: source <(flywatch completion bash)
_flywatch() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path=/ next words= options= files= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next=\${path%/}/\${COMP_WORDS[i]}
    case $next in
    ${commands.join('|')}) path=$next ;;
    esac
  done
  COMPREPLY=()
  case $path:$prev in
${values.join('\n')}
  esac
  case $path in
${words.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    [[ -n $files ]] && COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _flywatch ${NAMES.join(' ')}
`;
}

function zsh(pages: readonly CommandPage[]): string {
  const described = (name: string, text: string) => quoted(`${name.replaceAll(':', '\\:')}:${text}`);
  const functions = pages.map((page) => {
    const children = pages.filter(
      ({ path }) => path.length === page.path.length + 1 && page.path.every((word, i) => path[i] === word),
    );
    const options = page.options.map(zshOption);
    const kind = takesFiles(page)
      ? ["'*:file:_files'"]
      : argWords(page).length > 0
        ? [quoted(`1:value:(${argWords(page).join(' ')})`)]
        : [];
    const body =
      children.length === 0
        ? `  _arguments -S ${[...options, ...kind].join(' ')}`
        : `  local context state line
  local -a commands=(${children.map(({ path, summary }) => described(path.at(-1)!, summary)).join(' ')})
  _arguments -C ${[...options, "'1: :->command'", "'*:: :->rest'"].join(' ')}
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${children.map(({ path }) => `        ${path.at(-1)}) ${functionName(path)} ;;`).join('\n')}
      esac ;;
  esac`;
    return `${functionName(page.path)}() {\n${body}\n}`;
  });
  return `#compdef ${NAMES.join(' ')}
# Completion of flywatch and vg for zsh: a file _flywatch in a folder of $fpath, or in ~/.zshrc: source <(flywatch completion zsh)
${functions.join('\n')}
if [ "$funcstack[1]" = "_flywatch" ]; then
  _flywatch "$@"
else
  compdef _flywatch ${NAMES.join(' ')}
fi
`;
}

function functionName(path: readonly string[]): string {
  return ['_flywatch', ...path].join('_').replaceAll('-', '_');
}

function zshOption(option: OptionPage): string {
  const text = option.description.replace(/[[\]:\\]/g, (char) => `\\${char}`);
  const kind = option.value === undefined ? undefined : valueKind(option.value);
  const action =
    kind === undefined
      ? ''
      : kind.type === 'words'
        ? `(${kind.words.join(' ')})`
        : kind.type === 'files'
          ? '_files'
          : ' ';
  const value = kind === undefined ? '' : `:${option.value!.replaceAll(':', '')}:${action}`;
  const names = namesOf(option);
  // Both names exclude each other, and stand for one row of the list.
  return names.map((name) => quoted(`(${names.join(' ')})${name}[${text}]${value}`)).join(' ');
}

function fish(pages: readonly CommandPage[]): string {
  const lines = pages.flatMap((page) => {
    const condition = fishCondition(page, pages);
    const children = page.children.map((child) => {
      const summary =
        pages.find(({ path }) => path.length === page.path.length + 1 && path.at(-1) === child)?.summary ?? '';
      return `-f -a ${quoted(child)} -d ${quoted(summary)}`;
    });
    const words = argWords(page);
    const values = words.length > 0 ? [`-f -a ${quoted(words.join(' '))}`] : takesFiles(page) ? ['-F'] : ['-f'];
    const options = page.options.map((option) => fishOption(option));
    return [...children, ...(page.children.length > 0 ? [] : values), ...options].map(
      (rest) => `-n ${quoted(condition)} ${rest}`,
    );
  });
  return `# Completion of flywatch and vg for fish: flywatch completion fish > ~/.config/fish/completions/flywatch.fish
for name in ${NAMES.join(' ')}
${lines.map((line) => `  complete -c $name ${line}`).join('\n')}
end
`;
}

function fishCondition({ path, children }: CommandPage, pages: readonly CommandPage[]): string {
  if (path.length === 0) return `not __fish_seen_subcommand_from ${pages[0]!.children.join(' ')}`;
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  if (children.length > 0) seen.push(`not __fish_seen_subcommand_from ${children.join(' ')}`);
  return seen.join('; and ');
}

function fishOption({ short, long, value, description }: OptionPage): string {
  const kind = value === undefined ? undefined : valueKind(value);
  const parts = [
    short === undefined ? '' : `-s ${short.slice(1)}`,
    long === undefined ? '' : `-l ${long.slice(2)}`,
    kind === undefined
      ? ''
      : kind.type === 'words'
        ? `-x -a ${quoted(kind.words.join(' '))}`
        : kind.type === 'files'
          ? '-r -F'
          : '-x',
    `-d ${quoted(description)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
