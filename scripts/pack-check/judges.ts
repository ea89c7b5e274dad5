/**
 * publint (is the manifest right for every tool?) and attw (do the types say what the code is, under every way to resolve a
 * module?), asked about a tarball.
 */

import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { hasDeclarations, isDual, type PackedName, publishedName } from '../pack-manifest.ts';
import type { Finding } from './finding.ts';

/** Style sheets have no types, and are asked for by bundlers alone. */
const STYLES = [/\.css$/];

/** Ways in which what comes as ES modules alone is not for: it does not claim to be. */
const NOT_FOR_ESM: ReadonlySet<unknown> = new Set(['node10', 'node16-cjs']);

export async function judge(name: PackedName, tarball: string): Promise<Finding[]> {
  const bytes = new Uint8Array(readFileSync(tarball));
  return [await askPublint(name, bytes), ...(hasDeclarations(name) ? [await askAttw(name, bytes)] : [])];
}

async function askPublint(name: PackedName, bytes: Uint8Array<ArrayBuffer>): Promise<Finding> {
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  const said = messages.map((message) => `  ${formatMessage(message, pkg, { color: false })}\n`);
  return { what: `publint ${publishedName(name)}`, isRight: messages.length === 0, said: said.join('') };
}

async function askAttw(name: PackedName, bytes: Uint8Array): Promise<Finding> {
  const result = await checkPackage(createPackageFromTarballData(bytes), { excludeEntrypoints: STYLES });
  const problems = result.types === false ? undefined : result.problems.filter((problem) => concerns(name, problem));
  const said = problems?.map((problem) => `  ${JSON.stringify(problem)}\n`).join('') ?? '  it has no types\n';
  return { what: `attw ${publishedName(name)}`, isRight: problems?.length === 0, said };
}

function concerns(name: PackedName, problem: Problem): boolean {
  return isDual(name) || !('resolutionKind' in problem && NOT_FOR_ESM.has(problem.resolutionKind));
}
