import {ftp, lab} from '../../src/lab/define.ts';
import {activeThroughNat} from '../../src/lab/ftp-path.ts';

export default lab({
  title: 'FTP, active: EPRT through NAT',
  claims: ['FTP-EPRT'],
  topology: 'two-arm-nat',
  needs: ['ipvs-ftp'],
  service: {protocol: 'tcp', vip: 'VIP', port: 21, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq'},
    {node: 'rs2', forward: 'masq'},
  ],
  traffic: ftp({from: 'client', to: 'VIP', command: 'EPRT', sessions: 4, transfers: 2}),
  expect: activeThroughNat({control: ['FTP-EPRT'], data: ['FTP-EPRT']}),
  counter: [
    {
      claim: 'FTP-EPRT',
      when: 'the service is on port 2121, where the helper does not read',
      change: {port: 2121},
      cause: 'no-ftp-helper',
    },
  ],
});
