import type {z} from 'zod';
import {nearest} from '../problem.ts';
import {objectAt, correct, type Finding, type Path} from './finding.ts';
import {
  addressSchema,
  fileSchema,
  interfaceSchema,
  mtuRange,
  networkSchema,
  nodeSchema,
  portRange,
  routeSchema,
  serviceSchema,
} from './schema.ts';
import type {Source} from './source.ts';

type Issue = z.core.$ZodIssue;

const kindWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a whole number',
  int: 'a whole number',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/** What the schema found wrong, in the words of topology files. A misspelt key is not reported as missing too. */
export function explain(issues: readonly Issue[], source: Source): readonly Finding[] {
  const meant = new Set(
    issues.flatMap(issue =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => placeOf([...issue.path, nearest(key, knownKeys(pathOf(issue)))]))
        : [],
    ),
  );
  return issues
    .filter(issue => !(isMissing(issue, source) && meant.has(placeOf(issue.path))))
    .flatMap(issue => explainIssue(issue, source));
}

const pathOf = ({path}: Issue): Path =>
  path.map(step => (typeof step === 'number' ? step : String(step)));

const placeOf = (path: readonly (PropertyKey | undefined)[]): string => path.map(String).join('/');

const isMissing = (issue: Issue, source: Source): boolean =>
  issue.path.length > 0 && source.valueAt(pathOf(issue)) === undefined;

function explainIssue(issue: Issue, source: Source): readonly Finding[] {
  const path = pathOf(issue);
  const key = String(path.at(-1) ?? 'the topology');
  const inside = objectAt(path.slice(0, -1));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(unknown => unknownKey([...path, unknown], knownKeys(path)));
  if (issue.code === 'invalid_key')
    return [
      {
        path,
        at: 'key',
        what: `bad name of ${keyKind(path)}`,
        valid: issue.issues.map(({message}) => message),
        next: 'rename it',
      },
    ];
  if (isMissing(issue, source))
    return [
      {
        path: path.slice(0, -1),
        at: 'lack',
        what: `"${key}" is missing in ${inside}`,
        next: `add "${key}"`,
      },
    ];
  const finding = (what: string, valid: readonly string[], next: string): readonly Finding[] => [
    {path, at: 'value', what, valid, next},
  ];
  switch (issue.code) {
    case 'invalid_value': {
      const valid = issue.values.map(String);
      return finding(
        `unknown ${key} in ${inside}`,
        valid,
        correct(String(source.valueAt(path)), valid, 'choose one of the valid values'),
      );
    }
    case 'too_small':
    case 'too_big':
      return finding(
        `${key} out of range in ${inside}`,
        range(path),
        'choose a value in the range',
      );
    case 'invalid_type': {
      const kind = kindWords[issue.expected] ?? issue.expected;
      return finding(`${thingAt(path)} must be ${kind}`, [kind], `write ${kind}`);
    }
    case 'invalid_union':
      return finding(
        `${thingAt(path)} must be a text of one line or a whole number`,
        ['a text', 'a whole number'],
        'put the value in quotes',
      );
    case 'invalid_format':
      return finding(`bad ${thingAt(path)}`, [issue.message], 'correct it');
    case 'custom':
      return [{path, at: 'lack', what: `${thingAt(path)} must not be empty`, next: 'add one'}];
    default:
      return finding(`${thingAt(path)}: ${issue.message}`, [], 'correct the value');
  }
}

function unknownKey(path: Path, valid: readonly string[]): Finding {
  const key = String(path.at(-1));
  return {
    path,
    at: 'key',
    what: `unknown key in ${objectAt(path.slice(0, -1))}`,
    valid,
    next: correct(key, valid, 'remove it, or use one of the valid keys'),
  };
}

/** `mtu in network "lan"`; list items by their list: `item 1 of names in node "rs1", interface eth0`. */
function thingAt(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the topology';
  if (typeof last !== 'number') return `${last} in ${objectAt(path.slice(0, -1))}`;
  return `item ${last + 1} of ${path.at(-2) ?? 'the list'} in ${objectAt(path.slice(0, -2))}`;
}

function keyKind(path: Path): string {
  const [section, node, part] = path;
  if (part === 'interfaces') return `an interface in node "${node}"`;
  if (part === 'sysctls') return `a sysctl in node "${node}"`;
  if (section === 'networks') return 'a network';
  return section === 'addresses' ? 'an address' : 'a node';
}

function range(path: Path): readonly string[] {
  const {min, max} = path.at(-1) === 'mtu' ? mtuRange : portRange;
  return [`${min} to ${max}`];
}

/** The keys that the object at a path may have. */
function knownKeys([section, , part]: Path): readonly string[] {
  const schema =
    section === undefined
      ? fileSchema
      : section === 'networks'
        ? networkSchema
        : section === 'addresses'
          ? addressSchema
          : part === 'interfaces'
            ? interfaceSchema
            : part === 'routes'
              ? routeSchema
              : part === 'services'
                ? serviceSchema
                : nodeSchema;
  return Object.keys(schema.shape);
}
