import {ftp, lab} from '../../src/lab/define.ts';
import {passiveThroughNat} from '../../src/lab/ftp-path.ts';

export default lab({
  title: 'FTP, passive: PASV through NAT, with a rewritten answer and moved sequence numbers',
  claims: ['FTP-PASV1', 'FTP-PASV2'],
  topology: 'two-arm-nat',
  needs: ['ipvs-ftp'],
  service: {protocol: 'tcp', vip: 'VIP', port: 21, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq'},
    {node: 'rs2', forward: 'masq'},
  ],
  traffic: ftp({from: 'client', to: 'VIP', command: 'PASV', sessions: 4, transfers: 2}),
  expect: passiveThroughNat({control: ['FTP-PASV1'], data: ['FTP-PASV2']}),
  counter: [
    {
      claim: 'FTP-PASV1',
      when: 'the service is on port 2121, where the helper does not read',
      change: {port: 2121},
      cause: 'no-ftp-helper',
    },
  ],
});
