import {execFileSync} from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {obtainKernel} from '../../src/host/image/kernel.ts';
import {lvslab} from './support/cli.ts';

/** Boots of a kernel that was never booted before, under emulation. */
const patience = 600_000;
/** The guest's kernel finds no ip_vs: as one that was built without. */
const withoutIpvs = {LVSLAB_KERNEL_ARGS: 'module_blacklist=ip_vs'};

const diffReport = z.object({
  kernels: z.array(z.object({wanted: z.string(), release: z.string()})),
  labs: z.array(z.object({name: z.string(), state: z.string(), differences: z.array(z.unknown())})),
});

/** A build tree as make leaves it, of the files of Debian's kernel package. */
async function buildTree(tree: string): Promise<void> {
  const {release, vmlinuz, modules} = await obtainKernel('6.1', () => {});
  execFileSync('debugfs', ['-R', `rdump ${release} ${tree}`, modules], {stdio: 'ignore'});
  const installed = join(tree, release);
  cpSync(join(installed, 'kernel'), tree, {recursive: true});
  for (const name of ['modules.builtin', 'modules.builtin.modinfo'])
    copyFileSync(join(installed, name), join(tree, name));
  const order = readFileSync(join(installed, 'modules.order'), 'utf8');
  writeFileSync(join(tree, 'modules.order'), order.replaceAll(/^kernel\/(.*)\.ko$/gm, '$1.o'));
  writeFileSync(join(tree, '.config'), 'CONFIG_IP_VS=m\n');
  mkdirSync(join(tree, 'arch/x86/boot'), {recursive: true});
  copyFileSync(vmlinuz, join(tree, 'arch/x86/boot/bzImage'));
  rmSync(installed, {recursive: true});
}

test.serial('a build tree runs labs as the same kernel from its packages does', async t => {
  t.timeout(patience);
  const tree = mkdtempSync(join(tmpdir(), 'lvslab-linux-'));
  t.teardown(() => rmSync(tree, {recursive: true, force: true}));
  await buildTree(tree);
  const args = ['diff', 'modes/dr', '--kernel', '6.1', '--kernel', tree, '--format', 'json'];
  const {exitCode, stdout, stderr} = await lvslab(args);
  t.is(exitCode, 0, `${stdout}\n${stderr}`);
  const {kernels, labs} = diffReport.parse(JSON.parse(stdout));
  t.regex(kernels[1]?.release ?? '', /^6\.1\./);
  t.is(kernels[1]?.release, kernels[0]?.release);
  t.deepEqual(labs, [{name: 'modes/dr', state: 'same', differences: []}]);
});

test.serial('on a kernel without ip_vs labs are skipped with the reason', async t => {
  t.timeout(patience);
  const {exitCode, stdout, stderr} = await lvslab(
    ['matrix', 'modes/dr', 'modes/nat', '--kernel', '6.1', '--format', 'ktap'],
    withoutIpvs,
  );
  t.is(exitCode, 4, stderr);
  t.regex(
    stdout,
    /^KTAP version 1\n1\.\.2\nok 1 modes\/dr # SKIP kernel 6\.1\.\S+ has no IPVS \(CONFIG_IP_VS, module ip_vs\)\nok 2 modes\/nat # SKIP /,
  );
});

test.serial('what a kernel lacks skips the labs that need it, and no other', async t => {
  t.timeout(patience);
  const {exitCode, stdout, stderr} = await lvslab(
    ['run', 'modes/dr', 'modes/tun', 'modes/fullnat', '--format', 'ktap'],
    {LVSLAB_KERNEL_ARGS: 'module_blacklist=ipip,xt_ipvs'},
  );
  t.is(exitCode, 0, stderr);
  t.regex(stdout, /^ok 1 modes\/dr$/m);
  t.regex(
    stdout,
    /^ok 2 modes\/tun # SKIP .* tunnel device tunl0 \(CONFIG_NET_IPIP, module ipip\)$/m,
  );
  t.regex(
    stdout,
    /^ok 3 modes\/fullnat # SKIP .* match "ipvs" \(CONFIG_NETFILTER_XT_MATCH_IPVS, .*\)$/m,
  );
});

test.serial(
  'on a kernel without ip_vs a strict run is refused, and a bisection leaves the commit out',
  async t => {
    t.timeout(patience);
    const strict = await lvslab(['run', 'modes/dr'], {...withoutIpvs, LVSLAB_MISSING: 'error'});
    t.is(strict.exitCode, 2, strict.stderr);
    t.is(strict.stdout, '');
    t.regex(
      strict.stderr,
      /--kernel: kernel 6\.1\.\S+ has no IPVS \(CONFIG_IP_VS, module ip_vs\)\n {2}got {4}modes\/dr\n/,
    );
    const bisect = await lvslab(['run', 'modes/dr', '--bisect'], withoutIpvs);
    t.is(bisect.exitCode, 125, bisect.stderr);
  },
);
