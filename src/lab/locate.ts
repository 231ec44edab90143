/**
 * Where a bad value stands in a lab file, as `file:line:column`. A lab is a program, so its values have no places of
 * their own: the path's keys are looked for one after the other, then the value. Falls back to the file's first line.
 */
export function locate(
  file: string,
  source: string,
  path: readonly string[],
  value?: string,
): string {
  let at = Math.max(0, source.indexOf('export default'));
  for (const key of path) {
    const found = /^\d+$/.test(key)
      ? -1
      : source.slice(at).search(new RegExp(`\\b${escape(key)}\\b\\s*:`));
    if (found >= 0) at += found;
  }
  const word = new RegExp(`(?<![\\w-])${escape(value ?? '')}(?![\\w-])`);
  const found = value === undefined || value === '' ? -1 : source.slice(at).search(word);
  if (found >= 0) at += found;
  const before = source.slice(0, at).split('\n');
  return `${file}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
