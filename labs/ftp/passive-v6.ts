import {ftp, lab} from '../../src/lab/define.ts';
import {passiveThroughNat} from '../../src/lab/ftp-path.ts';

export default lab({
  title: 'FTP over IPv6, passive: EPSV through NAT',
  claims: ['V6-FTP-EPSV'],
  topology: 'two-arm-nat',
  needs: ['ipvs-ftp'],
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 21, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq'},
    {node: 'rs2', forward: 'masq'},
  ],
  traffic: ftp({from: 'client', to: 'VIP', command: 'EPSV', sessions: 4, transfers: 2}),
  expect: passiveThroughNat({control: ['V6-FTP-EPSV'], data: ['V6-FTP-EPSV']}),
  counter: [
    {
      claim: 'V6-FTP-EPSV',
      when: 'the service is on port 2121, where the helper does not read',
      change: {port: 2121},
      cause: 'no-ftp-helper',
    },
  ],
});
