/** Files by their descriptors, which stay the same whatever becomes of the names. */

import { close, fstatSync, open, read } from 'node:fs';

export function openFile(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, 'r', (error, fd) => (error ? reject(error) : resolve(fd)));
  });
}

/** Reads at a position; 0 bytes at the end. */
export function readAt(fd: number, into: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, into, 0, into.length, position, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

export function closeFile(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    close(fd, (error) => (error ? reject(error) : resolve()));
  });
}

/** Device and inode of what is open. */
export function keyOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}

/** Bytes on disk that are there only because it is open: its name is gone. 0 while it has one. */
export function removedBytes(fd: number): number {
  const { nlink, size } = fstatSync(fd);
  return nlink === 0 ? size : 0;
}
