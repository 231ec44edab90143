import type {Finding} from '../finding.ts';
import type {Draft} from '../schema.ts';
import {checkAddresses} from './addresses.ts';
import {checkNames} from './names.ts';
import {checkNetworks} from './networks.ts';
import {checkNodes} from './nodes.ts';
import {checkRoutes} from './routes.ts';

/** Everything that is wrong with what a topology file means, as far as it could be read. */
export function check(draft: Draft): readonly Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  checkNodes(draft, report);
  checkNames(draft, report);
  const networks = checkNetworks(draft, report);
  checkAddresses(draft, networks, report);
  checkRoutes(draft, networks, report);
  return findings;
}
