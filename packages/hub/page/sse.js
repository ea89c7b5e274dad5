/**
 * Server-sent events from text that comes in pieces. A block may end in any chunk; one that outgrows the bound is skipped
 * to its end and reported, so that a single monster neither fills the memory nor stops the stream.
 */

/** Characters of one block: a line of 256 KiB may stand in message and fields, each character escaped as six. */
const MAX_BLOCK_CHARS = 8 * 1024 * 1024;

export class SseReader {
  #line = '';
  #afterCr = false;
  #skip = false;
  #chars = 0;
  #block = emptyBlock();

  /** The blocks that this chunk completes: `{ event, id, data, retry, oversize }`, each key where the block had it. */
  push(chunk) {
    const blocks = [];
    let from = 0;
    if (this.#afterCr && chunk.length > 0) {
      if (chunk[0] === '\n') from = 1;
      this.#afterCr = false;
    }
    while (from < chunk.length) {
      let end = from;
      while (end < chunk.length) {
        const code = chunk.charCodeAt(end);
        if (code === 10 || code === 13) break;
        end++;
      }
      this.#grow(chunk, from, end);
      if (end === chunk.length) break;
      if (chunk.charCodeAt(end) === 13) {
        if (end + 1 === chunk.length) this.#afterCr = true;
        else if (chunk.charCodeAt(end + 1) === 10) end++;
      }
      this.#endLine(blocks);
      from = end + 1;
    }
    return blocks;
  }

  #grow(chunk, from, end) {
    if (from === end) return;
    this.#chars += end - from;
    if (this.#chars > MAX_BLOCK_CHARS) {
      this.#skip = true;
      this.#line = '…';
      this.#block.data = undefined;
    }
    if (!this.#skip) this.#line += chunk.slice(from, end);
  }

  #endLine(blocks) {
    const line = this.#line;
    this.#line = '';
    if (line !== '') {
      if (!this.#skip) readField(line, this.#block);
      return;
    }
    const block = this.#block;
    if (this.#skip) block.oversize = true;
    this.#skip = false;
    this.#chars = 0;
    this.#block = emptyBlock();
    if (block.id !== undefined || block.data !== undefined || block.retry !== undefined) blocks.push(block);
  }
}

function emptyBlock() {
  return { event: undefined, id: undefined, data: undefined, retry: undefined, oversize: false };
}

function readField(line, block) {
  const colon = line.indexOf(':');
  if (colon === 0) return;
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
  if (name === 'data') block.data = block.data === undefined ? value : `${block.data}\n${value}`;
  else if (name === 'event') block.event = value;
  else if (name === 'id' && !value.includes('\0')) block.id = value;
  else if (name === 'retry' && /^\d{1,9}$/.test(value)) block.retry = Number(value);
}
