import {exchange} from '../../src/lab/define.ts';
import translated from './checksum-nat-sctp.ts';

/** The CRC32c has nothing of the addresses in it, so that it stays as it is where no port changes. */
const proves = ['H-checksum-sctp-port'];

export default exchange({
  ...translated.spec,
  title: 'NAT: SCTP with a bad CRC32c, where no port is translated',
  claims: proves,
  realServers: [{node: 'rs1', forward: 'masq', port: 3868}],
  steps: translated.spec.steps.map(step =>
    step.kind === 'packet'
      ? {
          ...step,
          path: step.path.map(item =>
            typeof item === 'string'
              ? item
              : {link: item.link, ip: 'CIP > RIP1', ports: '4000 > 3868', proves},
          ),
        }
      : step,
  ),
});
