import {exchange} from '../../src/lab/define.ts';
import reuse from './conn-reuse.ts';

/** Mainline f0a5e4d7a594: until then the first SYN was dropped, and its repetition a second later came through. */
export default exchange({
  ...reuse.spec,
  title: 'conn_reuse_mode with conntrack=1: a new connection at once, from the port of an old one',
  claims: ['Y-reuse-conntrack', ...reuse.spec.claims],
  needs: ['net.ipv4.vs.conntrack'],
  setup: {conntrack: 1},
  steps: reuse.spec.steps.map(step =>
    step.kind === 'packet' && step.tcp?.seq === 1_800_000
      ? {
          ...step,
          path: step.path.map(item =>
            typeof item === 'string'
              ? item
              : {...item, proves: [...(item.proves ?? []), 'Y-reuse-conntrack']},
          ),
        }
      : step,
  ),
});
