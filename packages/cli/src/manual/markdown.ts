/** The commands as Markdown: the part of docs/cli.md that a test holds against the definitions. */

import type { CommandPage } from './pages.ts';

export function markdownOf(pages: readonly CommandPage[]): string {
  return `${pages.slice(1).map(section).join('\n\n')}\n`;
}

function section({ path, summary, usage, args, options, after }: CommandPage): string {
  const rows = [
    ...args.map(({ name, description }) => [`\`${name}\``, description]),
    ...options.map(({ flags, description }) => [`\`${flags}\``, description]),
  ];
  const table = [
    '| | |',
    '|---|---|',
    ...rows.map((row) => `| ${row.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`),
  ];
  return [
    `### ${path.join(' ')}`,
    `${sentence(summary)}`,
    fenced('sh', `flywatch ${path.join(' ')} ${usage}`),
    table.join('\n'),
    ...paragraphsOf(after),
  ].join('\n\n');
}

/** Examples become a block of code, as they are lines to be typed; the rest stays text. */
function paragraphsOf(after: string): string[] {
  return after
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [first, ...lines] = part.split('\n');
      if (lines.length === 0 || !lines.every((line) => line.startsWith('  '))) return part.replaceAll('<', '\\<');
      return `${first}\n\n${fenced('text', lines.map((line) => line.slice(2)).join('\n'))}`;
    });
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
