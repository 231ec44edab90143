import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findOwnKernel, isKernelPath} from '../../../src/host/image/own-kernel.ts';
import {parseOrder} from '../../../src/host/image/module-files.ts';
import {InputError} from '../../../src/problem.ts';
import {temporary} from '../../lab/support/temporary.ts';
import {bzImage} from './support/bzimage.ts';

const release = '6.18.0-rc1';
const image = 'arch/x86/boot/bzImage';

/** A folder with these files; the bzImage among them is one. */
function folder(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const path = temporary(t, files);
  mkdirSync(dirname(join(path, image)), {recursive: true});
  writeFileSync(join(path, image), bzImage(`${release} (me@here) #1`));
  return path;
}

const isPath = test.macro((t, wanted: string, expected: boolean) => {
  t.is(isKernelPath(wanted), expected);
});
test('a version is no path', isPath, '6.1.0-56', false);
test('a suite is no path', isPath, 'trixie-backports', false);
test('a bzImage here is a path', isPath, './bzImage', true);
test('this folder is a path', isPath, '.', true);
test('an absolute path', isPath, '/boot/vmlinuz-6.1', true);

test('lines of modules.order name modules, with .o in newer kernels', t => {
  t.deepEqual(parseOrder('net/a.o\nnet/b.ko\nnet/a.o\n'), ['net/a.ko', 'net/b.ko']);
});

const built = {
  '.config': 'CONFIG_IP_VS=m\n',
  'modules.order': 'net/netfilter/ipvs/ip_vs.o\nkernel/torture.o\n',
  'modules.builtin': 'kernel/fs/ext4/ext4.ko\n',
  'net/netfilter/ipvs/ip_vs.ko': 'm',
  'kernel/torture.ko': 'm',
  'net/unlisted.ko': 'm',
};

test('a build tree gives its bzImage, its release and the modules of modules.order', t => {
  const tree = folder(t, built);
  const kernel = findOwnKernel(tree);
  t.is(kernel.release, release);
  t.is(kernel.vmlinuz, join(tree, image));
  t.deepEqual(kernel.files, [
    {
      from: join(tree, 'net/netfilter/ipvs/ip_vs.ko'),
      to: 'kernel/net/netfilter/ipvs/ip_vs.ko',
    },
    {from: join(tree, 'kernel/torture.ko'), to: 'kernel/kernel/torture.ko'},
    {from: join(tree, 'modules.order'), to: 'modules.order'},
    {from: join(tree, 'modules.builtin'), to: 'modules.builtin'},
  ]);
  t.deepEqual(findOwnKernel(join(tree, image)), kernel, 'its bzImage stands for it');
});

test('the lines of old kernels begin with the folder of installed modules', t => {
  const tree = folder(t, {...built, 'modules.order': 'kernel/net/netfilter/ipvs/ip_vs.ko\n'});
  t.is(findOwnKernel(tree).files[0]?.to, 'kernel/net/netfilter/ipvs/ip_vs.ko');
});

test('a kernel without modules needs none', t => {
  t.deepEqual(findOwnKernel(folder(t, {'.config': 'CONFIG_IP_VS=y\n'})).files, []);
});

test('installed modules are those below lib/modules/RELEASE, whatever their compression, not through links', t => {
  const tree = folder(t, {
    [`root/lib/modules/${release}/kernel/a.ko`]: '',
    [`root/lib/modules/${release}/updates/b.ko.xz`]: '',
    [`root/lib/modules/${release}/modules.dep`]: '',
    [`root/lib/modules/${release}/modules.order`]: '',
    'source/c.ko': '',
  });
  symlinkSync(join(tree, 'source'), join(tree, 'root/lib/modules', release, 'source'));
  const {files, built: isBuilt} = findOwnKernel(join(tree, image), join(tree, 'root'));
  t.deepEqual(files.map(({to}) => to).toSorted(), [
    'kernel/a.ko',
    'modules.order',
    'updates/b.ko.xz',
  ]);
  t.false(isBuilt);
});

const refused = test.macro(
  (t, files: Readonly<Record<string, string>>, modules: string | undefined, what: RegExp) => {
    const tree = folder(t, files);
    const error = t.throws(
      () => findOwnKernel(tree, modules === undefined ? undefined : join(tree, modules)),
      {instanceOf: InputError},
    );
    t.regex(error?.message ?? '', what);
    t.truthy(error?.problems[0]?.next);
  },
);
test(
  'a tree whose modules are not built',
  refused,
  {'.config': 'CONFIG_IP_VS=m\n'},
  undefined,
  /modules of the kernel are not built/,
);
test(
  'a tree of which one module is not built',
  refused,
  {...built, 'modules.order': 'net/gone.o\n'},
  undefined,
  /no \S+net\/gone\.ko/,
);
test(
  'a folder without the modules of this release',
  refused,
  {'root/lib/modules/6.1.0/a.ko': ''},
  'root',
  /modules of kernel 6\.18\.0-rc1 are not there/,
);

test('a tree without a kernel, and a path of nothing', t => {
  t.throws(() => findOwnKernel(temporary(t, {Makefile: ''})), {
    instanceOf: InputError,
    message: /no arch\/x86\/boot\/bzImage/,
  });
  t.throws(() => findOwnKernel('./nonexistent'), {
    instanceOf: InputError,
    message: /there is no such kernel/,
  });
});
