import {mainClaims} from './claims-main.ts';
import {packetClaims} from './claims-packets.ts';

/** A statement about IPVS that lvslab proves on packets. Labs name the ids that they prove. */
export interface Claim {
  readonly id: string;
  readonly text: string;
}

const table: Readonly<Record<string, string>> = {
  ...mainClaims,
  ...packetClaims,
  C1: 'the four methods compared from measured packets: who rewrites what, who must be where, what passes the director',
};

/** Every claim, in the order of the documentation. */
export const claims: readonly Claim[] = Object.entries(table).map(([id, text]) => ({id, text}));

export const claimIds: readonly string[] = claims.map(claim => claim.id);
