import {exchange, packet} from '../../src/lab/define.ts';

const claim = 'Y-icmp-fragment';
/** `ABCD` are the bytes of these ports, where a later fragment has its payload. */
const [client, server] = [0x41_42, 0x43_44];

// No set-up breaks it: what does is a kernel without the fix. See docs/findings.md.
export default exchange({
  title: 'An ICMP error about a later fragment, whose payload looks like the ports of a connection',
  claims: [claim],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: server}],
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      udp: {ports: `${client} > 80`},
      payload: 'hello',
      path: [
        'client > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${client} > ${server}`},
      ],
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      icmp: {
        type: 3,
        code: 3,
        quotes: {
          ip: 'CIP > RIP1',
          udp: {ports: `${client} > ${server}`},
          payload: 'hello',
        },
      },
      path: [
        'rs1 > director',
        {
          link: 'director > client',
          ip: 'VIP > CIP',
          quotes: {ip: 'CIP > VIP', ports: `${client} > 80`},
        },
      ],
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      icmp: {
        type: 11,
        code: 1,
        quotes: {
          ip: 'CIP > RIP1',
          udp: {ports: `${client} > ${server}`},
          fragment: {offset: 1480, more: false},
          payload: 'ABCD, and no port',
        },
      },
      path: ['rs1 > director', {link: 'director > client', ip: 'RIP1 > CIP', proves: [claim]}],
    }),
  ],
  counter: [],
});
