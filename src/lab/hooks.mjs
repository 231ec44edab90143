// Module hooks for lab files, which may lie anywhere. Plain JavaScript: they run in the loader's own thread.

/**
 * Finds `lvslab` in every lab file, as package.json's exports name it, and takes each TypeScript file for an ES module, whether
 * or not a package.json beside it says so.
 */
export async function resolve(specifier, context, next) {
  const found = await next(
    specifier,
    specifier === 'lvslab' ? {...context, parentURL: import.meta.url} : context,
  );
  return /^file:(?!.*\/node_modules\/).*\.ts(\?|$)/.test(found.url)
    ? {...found, format: 'module'}
    : found;
}
