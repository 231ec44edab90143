import {ftp, lab} from '../../src/lab/define.ts';
import {activeThroughNat} from '../../src/lab/ftp-path.ts';

export default lab({
  title: 'FTP, active: after PORT the real server opens the data connection, as VIP',
  claims: ['FTP-PORT1', 'FTP-PORT2'],
  topology: 'two-arm-nat',
  needs: ['ipvs-ftp'],
  service: {protocol: 'tcp', vip: 'VIP', port: 21, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq'},
    {node: 'rs2', forward: 'masq'},
  ],
  traffic: ftp({from: 'client', to: 'VIP', command: 'PORT', sessions: 4, transfers: 2}),
  expect: activeThroughNat({control: ['FTP-PORT2'], data: ['FTP-PORT1']}),
  counter: [
    {
      claim: 'FTP-PORT1',
      when: 'the service is on port 2121, where the helper does not read',
      change: {port: 2121},
      cause: 'no-ftp-helper',
    },
  ],
});
