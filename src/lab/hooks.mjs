// Module hooks for lab files, which may lie anywhere. Plain JavaScript: they run in the loader's own thread.

const importer = new URL('import.ts', import.meta.url).href;

/**
 * Finds `lvslab` from every lab file, as package.json's exports name it, and takes lab files and all TypeScript for ES modules,
 * whether or not a package.json beside them says so.
 */
export async function resolve(specifier, context, next) {
  const found = await next(
    specifier,
    specifier === 'lvslab' ? {...context, parentURL: import.meta.url} : context,
  );
  const isLab = context.parentURL?.startsWith(importer) && found.url.startsWith('file:');
  const isTypeScript = /^file:(?!.*\/node_modules\/).*\.ts(\?|$)/.test(found.url);
  return isLab || isTypeScript ? {...found, format: 'module'} : found;
}
