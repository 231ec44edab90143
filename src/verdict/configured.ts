import {parseListing} from '../ipvs/listing.ts';
import {renderServices} from '../ipvs/render.ts';
import {parseRules} from '../ipvs/rules.ts';
import type {RealServer, VirtualService} from '../ipvs/types.ts';
import type {RunFolder} from '../run-folder/types.ts';
import {CheckDraft} from './checks.ts';
import {word} from './endpoint.ts';
import {readPrinted} from './printed.ts';
import type {Check} from './types.ts';

/**
 * Whether the director has the services and real servers that it was given, and no others: those that it was set up with, and
 * what was changed since, against `ipvsadm -Sn` and `ipvsadm -Ln`. Neither tells thresholds; -Ln tells no kind of tunnel.
 */
export function checkConfigured(
  run: RunFolder,
  node: string,
  services: readonly VirtualService[],
  proves: readonly string[],
): Check {
  const draft = new CheckDraft(
    `configured.${node}`,
    `ipvsadm -Sn and -Ln on ${node} show the services and real servers that it was given`,
    proves,
  );
  const given = services.map(service => edited(run, node, service));
  const compare = (
    name: string,
    what: string,
    parse: (text: string) => readonly VirtualService[],
    plain: (service: VirtualService) => VirtualService,
  ): void => {
    const place = `${node}: ${what}`;
    const expected = renderServices(given.map(plain));
    draft.judge(expected.length);
    const actual = readPrinted(() => renderServices(parse(run.text(node, name)).map(plain)));
    if (actual === undefined) {
      draft.fail({field: 'table', expected: 'services', actual: 'no listing', place});
      return;
    }
    for (const line of expected.filter(one => !actual.includes(one)))
      draft.fail({field: 'table', expected: line, actual: 'not there', place});
    for (const line of actual.filter(one => !expected.includes(one)))
      draft.fail({field: 'table', expected: 'not given', actual: line, place});
  };
  compare('ipvsadm-Sn', 'ipvsadm -Sn', text => parseRules(text, 'ipvsadm -Sn'), withoutLimits);
  compare('ipvsadm-Ln', 'ipvsadm -Ln', text => parseListing(text), withoutKind);
  return draft.done();
}

/** The service with all changes that were made at the node. */
function edited({record}: RunFolder, node: string, service: VirtualService): VirtualService {
  const servers = new Map(service.realServers.map(server => [word(server), server]));
  for (const {edit} of record.events.filter(event => event.node === node))
    if (edit.kind === 'remove') servers.delete(word(edit.server));
    else servers.set(word(edit.server), edit.server);
  return {...service, realServers: [...servers.values()]};
}

const withServers = (
  service: VirtualService,
  plain: (server: RealServer) => RealServer,
): VirtualService => ({...service, realServers: service.realServers.map(plain)});

const withoutLimits = (service: VirtualService): VirtualService =>
  withServers(service, server => ({
    ...server,
    upperThreshold: undefined,
    lowerThreshold: undefined,
    // What ipvsadm(8) does by default.
    tunnel: server.forward === 'tunnel' ? (server.tunnel ?? {type: 'ipip'}) : undefined,
  }));

const withoutKind = (service: VirtualService): VirtualService => ({
  ...withServers(withoutLimits(service), server => ({...server, tunnel: undefined})),
  // A listing has names of its own for them.
  flags: [],
});
