import {
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node as YamlNode,
} from 'yaml';
import {InputError, type Problem} from '../problem.ts';
import type {Finding, Path} from './finding.ts';

/** A YAML file's data, with the places of its keys and values. */
export interface Source {
  readonly data: unknown;
  /** The value at a path; undefined when there is none. */
  valueAt(path: Path): unknown;
  /** The finding as a problem at `file:line:column`. */
  problem(finding: Finding): Problem;
  /** Problems in the order of the file. */
  problems(findings: readonly Finding[]): readonly Problem[];
}

/**
 * Reads a YAML 1.2 document. Throws InputError with every YAML error of it: broken syntax, duplicate keys, unknown
 * tags and aliases, several documents. Their meaning is uncertain, so nothing else is checked before they are mended.
 */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, prettyErrors: false});
  const place = (offset: number): string => {
    const {line, col} = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const broken = yamlProblems(document, text, place);
  if (broken.length > 0) throw new InputError(broken);

  const data = toData(document, file);
  const offsetOf = ({path, at}: Finding): {offset: number; value: string | undefined} => {
    const {key, value} = nodesAt(document, path);
    const lacks = at === 'lack';
    const valueText = textOf(value, text);
    const keyText = textOf(key, text);
    return at === 'value' && valueText !== undefined
      ? {offset: value?.range?.[0] ?? 0, value: valueText}
      : {
          offset: (key ?? value)?.range?.[0] ?? 0,
          value: lacks ? undefined : at === 'key' ? keyText : '(nothing)',
        };
  };
  const problem = (finding: Finding): Problem => {
    const {offset, value} = offsetOf(finding);
    return {
      what: finding.what,
      where: place(offset),
      value,
      valid: finding.valid,
      next: finding.next,
    };
  };
  return {
    data,
    valueAt: path => path.reduce<unknown>(child, data),
    problem,
    problems: findings =>
      findings
        .map(finding => ({finding, offset: offsetOf(finding).offset}))
        .toSorted((a, b) => a.offset - b.offset)
        .map(({finding}) => problem(finding)),
  };
}

function yamlProblems(
  document: Document.Parsed,
  text: string,
  place: (offset: number) => string,
): readonly Problem[] {
  const found = [...document.errors, ...document.warnings].map(error => ({
    offset: error.pos[0],
    problem: wordYamlError(error.code, error.message),
    value:
      error.code === 'DUPLICATE_KEY' ? /^[^\s:,}]+/.exec(text.slice(error.pos[0]))?.[0] : undefined,
  }));
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        found.push({
          offset: alias.range?.[0] ?? 0,
          problem: {
            what: 'alias of an anchor that does not exist',
            next: 'set the anchor before it',
          },
          value: `*${alias.source}`,
        });
    },
    // A key that JavaScript objects treat in their own way: it would vanish from the data without a word.
    Pair: (_, {key}) => {
      if (isScalar(key) && key.value === '__proto__')
        found.push({
          offset: key.range?.[0] ?? 0,
          problem: {what: 'a key that is never valid', next: 'remove it'},
          value: '__proto__',
        });
    },
  });
  return found
    .toSorted((a, b) => a.offset - b.offset)
    .map(({offset, problem, value}) => ({...problem, where: place(offset), value}));
}

function wordYamlError(code: string, message: string): {what: string; next: string} {
  if (code === 'DUPLICATE_KEY')
    return {what: 'duplicate key', next: 'rename or remove one of them'};
  if (code === 'MULTIPLE_DOCS')
    return {what: 'several YAML documents in one file', next: 'keep one topology per file'};
  return {what: `not valid YAML: ${message}`, next: 'correct the YAML syntax here'};
}

function toData(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new InputError(
      {
        what: 'the YAML aliases cannot be followed',
        where: `${file}:1:1`,
        next: 'use fewer aliases',
      },
      error,
    );
  }
}

/** The YAML nodes of the key and the value at a path; of the deepest ones there are when the path leads nowhere. */
function nodesAt(
  document: Document.Parsed,
  path: Path,
): {key: YamlNode | undefined; value: YamlNode | undefined} {
  let key: YamlNode | undefined;
  let value: YamlNode | undefined = document.contents ?? undefined;
  for (const step of path) {
    if (isAlias(value)) value = value.resolve(document);
    if (isMap(value)) {
      const pair = value.items.find(item => isScalar(item.key) && String(item.key.value) === step);
      if (!isPair(pair)) break;
      key = isNode(pair.key) ? pair.key : undefined;
      value = isNode(pair.value) ? pair.value : undefined;
    } else if (isSeq(value)) {
      const item: unknown = value.items[Number(step)];
      if (!isNode(item)) break;
      key = item;
      value = item;
    } else break;
  }
  return {key, value};
}

/** A scalar as the user wrote it, a map or a list by its kind; undefined when nothing is written there. */
function textOf(node: YamlNode | undefined, text: string): string | undefined {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  const [start, end] = node?.range ?? [0, 0];
  return start === end ? undefined : text.slice(start, end);
}

const child = (value: unknown, step: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === String(step))?.[1]
    : undefined;
