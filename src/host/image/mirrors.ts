import {BrokenLabError} from '../../problem.ts';
import {run} from './run.ts';

/** Where Debian's packages are had from, each ending without or with a slash as the system writes it. */
export interface Mirrors {
  readonly archive: string;
  readonly security: string;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The mirrors that this machine already uses for Debian; for what it does not say (no Debian, or apt was never updated),
 * those that mmdebstrap has built in. Throws BrokenLabError when neither can be found out.
 */
export async function findMirrors(): Promise<Mirrors> {
  const configured = await configuredMirrors();
  if (configured.archive !== undefined && configured.security !== undefined)
    return {archive: configured.archive, security: configured.security};
  const builtIn = parseSources(await builtInSources());
  return {
    archive: configured.archive ?? builtIn.archive,
    security: configured.security ?? builtIn.security,
  };
}

/** The mirrors that the lists of this machine's apt name, as far as they do. Uses no network. */
export async function configuredMirrors(): Promise<Partial<Mirrors>> {
  try {
    return parseTargets(
      await run(['apt-get', 'indextargets', '--format', '$(LABEL)\t$(REPO_URI)']),
    );
  } catch {
    return {}; // no apt here
  }
}

/** Reads lines of label, tab, URI (apt-get(8), indextargets; labels from the suites' Release files). */
export function parseTargets(text: string): Partial<Mirrors> {
  const byLabel = new Map(text.split('\n').map(line => splitOnce(line, '\t')));
  const archive = byLabel.get('Debian');
  const security = byLabel.get('Debian-Security');
  return {...(archive ? {archive} : {}), ...(security ? {security} : {})};
}

const splitOnce = (line: string, separator: string): [string, string] => {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
};

// mmdebstrap writes its sources before the first hook; the hook copies them and ends the run before any download.
async function builtInSources(): Promise<string> {
  const hook = 'cat "$1"/etc/apt/sources.list; exit 1';
  return run([
    'sh',
    '-c',
    'mmdebstrap "$@" 2>&1 || true',
    'sh',
    '--variant=custom',
    `--setup-hook=${hook}`,
    `--keyring=${KEYRING}`,
    'trixie',
    '/dev/null',
  ]);
}

/** Reads one-line sources (sources.list(5)) of a stable suite. Throws BrokenLabError when they hold no archive or security line. */
export function parseSources(text: string): Mirrors {
  const sources = text
    .split('\n')
    .map(line => /^deb (?:\[[^\]]*\] )?(?<uri>\S+) (?<suite>\S+) /.exec(line)?.groups)
    .filter(groups => groups !== undefined);
  const security = sources.find(({suite}) => suite?.endsWith('-security'))?.['uri'];
  const archive = sources.find(({suite}) => suite !== undefined && !suite.includes('-'))?.['uri'];
  if (archive === undefined || security === undefined)
    throw new BrokenLabError({
      what: 'no Debian mirror is known',
      where: "apt's lists and mmdebstrap's own sources",
      value: text.trim(),
      next: 'put Debian and its security suite into /etc/apt and run: apt-get update',
    });
  return {archive, security};
}

/** One line of sources for a suite (`trixie`, `trixie-security`), only ever signed by Debian's archive keys. */
export function sourceLine(mirrors: Mirrors, suite: string): string {
  const uri = suite.endsWith('-security') ? mirrors.security : mirrors.archive;
  return `deb [signed-by=${KEYRING}] ${uri} ${suite} main`;
}
