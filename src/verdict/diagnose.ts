import type {Case} from './case.ts';
import {fromAddresses} from './causes-addresses.ts';
import {fromCounters} from './causes-counters.ts';
import {fromForwarding} from './causes-forwarding.ts';
import {fromFtp} from './causes-ftp.ts';
import {fromHealth} from './causes-health.ts';
import {fromMtu} from './causes-mtu.ts';
import {fromRealServers} from './causes-servers.ts';
import {fromService} from './causes-service.ts';
import {fromTunnels} from './causes-tunnel.ts';
import type {Finding} from './finding.ts';
import {type Diagnosis} from './types.ts';
import {causes} from './causes.ts';

// One piece of evidence and a few more of its kind convince; a hundred only fill the screen.
const shown = 4;

/**
 * The causes that the evidence shows, the nearest to the root first. Says nothing without evidence: a failure
 * whose cause is not among the known ones has no diagnosis.
 */
export function diagnose(judged: Case): readonly Diagnosis[] {
  const findings: readonly Finding[] = [
    ...fromForwarding(judged),
    ...fromCounters(judged),
    ...fromService(judged),
    ...fromTunnels(judged),
    ...fromAddresses(judged),
    ...fromMtu(judged),
    ...fromHealth(judged),
    ...fromFtp(judged),
    ...fromRealServers(judged),
  ];
  return findings.flatMap(([cause, evidence, text]) =>
    evidence.length === 0
      ? []
      : [{cause, text: text ?? causes[cause], evidence: evidence.slice(0, shown)}],
  );
}
