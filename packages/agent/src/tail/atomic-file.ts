/** Files that are the old one or the new one, whole, whatever happens while they are written. */

import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts bytes in place of a file; on disk when it resolves. @returns the file, open, for who wants to go on writing */
export async function replaceFile(path: string, bytes: Buffer): Promise<FileHandle> {
  const made = `${path}.new`;
  const file = await open(made, 'w', 0o600);
  try {
    await file.write(bytes, 0, bytes.length, 0);
    await file.datasync();
    await rename(made, path);
    await syncFolder(dirname(path));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The name of a file is in its folder: without this a loss of power may leave the old one. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
