// dependency-cruiser 18 reads TypeScript through the compiler's JavaScript interface, which version 7 does not have. The
// rest of the project keeps version 7; here `typescript` means the one that is installed beside this file. To be dropped,
// with this folder, as soon as dependency-cruiser reads TypeScript without it.
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(import.meta.url);
const urls = new Map(
  ['typescript', 'typescript/package.json'].map((specifier) => [specifier, pathToFileURL(resolve(specifier)).href]),
);

registerHooks({
  resolve(specifier, context, next) {
    const url = urls.get(specifier);
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
  },
});
