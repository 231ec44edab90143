import type {VirtualService} from '../ipvs/types.ts';
import type {RunFolder} from '../run-folder/types.ts';
import type {Account} from './account.ts';
import {accountOfCounters} from './agreement.ts';
import {checkConfigured} from './configured.ts';
import type {Counted} from './counted.ts';
import {checkTable} from './table.ts';

/** What IPVS on a director says of itself, where no claim rests on it: its services, its counters and its tables. */
export const accountsOfIpvs = (
  run: RunFolder,
  node: string,
  services: readonly VirtualService[],
  counted: readonly Counted[],
): readonly Account[] => [
  {check: checkConfigured(run, node, services, []), doubts: []},
  accountOfCounters(run, node, counted, []),
  {check: checkTable(run, node, []), doubts: []},
];
