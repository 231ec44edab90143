export default {
  files: ['test/**/*.ts', '!test/**/support/**'],
  extensions: {ts: 'module'},
  nodeArguments: ['--import=tsx'],
  workerThreads: false,
  timeout: '120s',
};
