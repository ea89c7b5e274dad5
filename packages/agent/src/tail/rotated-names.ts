/**
 * Names that a rotation gives to a file: `app.log.1`, `app.log-20261121`, `app.log.2.gz`, `app-20261121.log`. Only
 * numbers and dates count, so that `app.log-audit` is a file of its own.
 */

import { basename, extname } from 'node:path';

const ROTATED = /^[.-]\d[\d._-]*(?:\.gz)?$/;

/** Whether a file of this name can be an earlier `original`; both without their folders. */
export function isRotatedName(name: string, original: string): boolean {
  if (name.startsWith(original)) return ROTATED.test(name.slice(original.length));
  const extension = extname(original);
  if (extension === '') return false;
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name;
  const stem = basename(original, extension);
  return (
    plain.endsWith(extension) &&
    plain.startsWith(stem) &&
    ROTATED.test(plain.slice(stem.length, plain.length - extension.length))
  );
}
