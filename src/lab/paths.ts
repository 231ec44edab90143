import type {LabSpec} from './types.ts';

/** The path of each packet with direct routing when client, director and real servers share one LAN. */
export const drouteOnOneLan: Pick<LabSpec['expect'], 'request' | 'reply'> = {
  request: [
    {link: 'client > director', ip: 'CIP > VIP', ports: 'CPORT > 80'},
    {link: 'director > rs', ip: 'CIP > VIP', ports: 'CPORT > 80'},
  ],
  reply: [{link: 'rs > client', ip: 'VIP > CIP', ports: '80 > CPORT'}],
};
