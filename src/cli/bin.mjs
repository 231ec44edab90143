#!/usr/bin/env node
// Plain JavaScript: it must say something helpful where the TypeScript loader is not installed yet.
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`lvslab needs Node 20.19 or newer, and this is ${process.versions.node}.`);
  process.exit(2);
}
if (!existsSync(fileURLToPath(new URL('../../node_modules/tsx', import.meta.url)))) {
  console.error('lvslab is not set up yet.\n  next   run: npm start');
  process.exit(2);
}
const {register} = await import('tsx/esm/api');
register();
const {main} = await import('./main.ts');
await main(process.argv);
