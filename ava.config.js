// `ava` runs the unit tests, which need no lab host; with LVSLAB_TESTS=e2e those that boot one, one file at a time.
const e2e = process.env.LVSLAB_TESTS === 'e2e';
const endToEnd = ['test/e2e/**/*.ts', 'test/**/*.e2e.ts'];

export default {
  files: [
    ...(e2e ? endToEnd : ['test/**/*.ts', ...endToEnd.map(files => `!${files}`)]),
    '!test/**/support/**',
    '!test/soak/**',
    '!test/bench/**',
    '!test/mutation/report.ts',
  ],
  extensions: {ts: 'module'},
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  concurrency: e2e ? 1 : 2,
  timeout: e2e ? '45m' : '2m',
};
