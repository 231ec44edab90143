import type {IpvsSync, Sctp, SctpChunk, Vrrp} from '../../../src/wire/message-types.ts';
import type {Cooked} from '../../../src/wire/types.ts';
import type {Value} from './compare.ts';

/** The fields of an SCTP packet in tshark's names; of a kind of chunk that comes more than once, in order. */
export function sctpFields(header: Sctp): Record<string, Value> {
  const {chunks} = header;
  const of = <Kind extends SctpChunk['kind']>(...kinds: readonly Kind[]) =>
    chunks.filter((chunk): chunk is SctpChunk & {kind: Kind} =>
      kinds.some(kind => kind === chunk.kind),
    );
  const init = of('init');
  const initAck = of('init-ack');
  const data = of('data');
  const sack = of('sack');
  return {
    'sctp.srcport': header.sourcePort,
    'sctp.dstport': header.destinationPort,
    'sctp.verification_tag': header.verificationTag,
    'sctp.chunk_type': chunks.map(({type}) => type),
    'sctp.chunk_flags': chunks.map(({flags}) => flags),
    'sctp.chunk_length': chunks.map(({length}) => length),
    'sctp.init_initiate_tag': init.map(({initiateTag}) => initiateTag),
    'sctp.init_credit': init.map(({receiverWindow}) => receiverWindow),
    'sctp.init_nr_out_streams': init.map(({outboundStreams}) => outboundStreams),
    'sctp.init_nr_in_streams': init.map(({inboundStreams}) => inboundStreams),
    'sctp.init_initial_tsn': init.map(({initialTsn}) => initialTsn),
    'sctp.initack_initiate_tag': initAck.map(({initiateTag}) => initiateTag),
    'sctp.initack_initial_tsn': initAck.map(({initialTsn}) => initialTsn),
    'sctp.parameter_type': of('init', 'init-ack', 'heartbeat', 'heartbeat-ack').flatMap(
      ({parameters}) => parameters.map(({type}) => type),
    ),
    'sctp.cause_code': of('abort', 'error').flatMap(({parameters}) =>
      parameters.map(({type}) => type),
    ),
    'sctp.data_tsn_raw': data.map(({tsn}) => tsn),
    'sctp.data_sid': data.map(({stream}) => stream),
    'sctp.data_ssn': data.map(({streamSequence}) => streamSequence),
    'sctp.data_payload_proto_id': data.map(({payloadProtocol}) => payloadProtocol),
    'sctp.sack_cumulative_tsn_ack_raw': sack.map(({cumulativeTsn}) => cumulativeTsn),
    'sctp.sack_a_rwnd': sack.map(({receiverWindow}) => receiverWindow),
    'sctp.sack_gap_block_start': sack.flatMap(({gaps}) => gaps.map(({start}) => start)),
    'sctp.sack_gap_block_end': sack.flatMap(({gaps}) => gaps.map(({end}) => end)),
    'sctp.sack_duplicate_tsn': sack.flatMap(({duplicates}) => duplicates),
    'sctp.shutdown_cumulative_tsn_ack': of('shutdown').map(({cumulativeTsn}) => cumulativeTsn),
    'sctp.cookie': of('cookie-echo').map(chunk =>
      Array.from(chunk.data, byte => byte.toString(16).padStart(2, '0')).join(':'),
    ),
  };
}

export function vrrpFields(header: Vrrp): Record<string, Value> {
  const isIpv6 = header.addresses.some(address => address.includes(':'));
  return {
    size: header.length,
    'vrrp.version': header.version,
    'vrrp.type': header.type,
    'vrrp.virt_rtr_id': header.virtualRouter,
    'vrrp.prio': header.priority,
    [isIpv6 ? 'vrrp.ipv6_addr' : 'vrrp.ip_addr']: header.addresses,
    ...(header.version === 2
      ? {
          'vrrp.auth_type': header.authenticationType,
          'vrrp.adver_int': header.advertisementInterval,
        }
      : {'vrrp.short_adver_int': header.maxAdvertisementInterval}),
  };
}

/** tshark 4.0 does not dissect the parameters of version 1, and takes sequences of version 0 for big-endian. */
export function syncFields(header: IpvsSync): Record<string, Value> {
  const {connections} = header;
  const shared = {
    'ipvs.syncid': header.syncId,
    'ipvs.size': header.size,
    'ipvs.conncount': header.count,
    'ipvs.proto': connections.map(({protocol}) => protocol),
    'ipvs.state': connections.map(({state}) => state),
    'ipvs.cport': connections.map(({clientPort}) => clientPort),
    'ipvs.vport': connections.map(({virtualPort}) => virtualPort),
    'ipvs.dport': connections.map(({destinationPort}) => destinationPort),
  };
  const isIpv6 = ({client}: {client: string}) => client.includes(':');
  const four = connections.filter(connection => !isIpv6(connection));
  const six = connections.filter(isIpv6);
  const addresses = {
    'ipvs.caddr': four.map(({client}) => client),
    'ipvs.vaddr': four.map(({virtual}) => virtual),
    'ipvs.daddr': four.map(({destination}) => destination),
    'ipvs.caddr6': six.map(({client}) => client),
    'ipvs.vaddr6': six.map(({virtual}) => virtual),
    'ipvs.daddr6': six.map(({destination}) => destination),
  };
  if (header.version === 0)
    return {
      ...shared,
      ...addresses,
      'ipvs.flags': connections.map(({flags}) => flags),
      'ipvs.in_seq.initial': header.connections.flatMap(({sequences}) =>
        sequences === undefined ? [] : [swap(sequences.incoming.initial)],
      ),
      'ipvs.out_seq.pdelta': header.connections.flatMap(({sequences}) =>
        sequences === undefined ? [] : [swap(sequences.outgoing.previousDelta)],
      ),
    };
  return {
    ...shared,
    ...addresses,
    'ipvs.version': header.version,
    'ipvs.type': header.connections.map(({type}) => type),
    'ipvs.ver': header.connections.map(({version}) => version),
    'ipvs.size.v1': header.connections.map(({length}) => length),
    'ipvs.flags.v1': connections.map(({flags}) => flags),
    'ipvs.fwmark': header.connections.map(({fwmark}) => fwmark),
    'ipvs.timeout': header.connections.map(({timeout}) => timeout),
  };
}

const swap = (word: number): number =>
  Number(`0x${(word.toString(16).padStart(8, '0').match(/../g) ?? []).toReversed().join('')}`);

export function cookedFields(header: Cooked): Record<string, Value> {
  return {
    size: header.length,
    'sll.pkttype': header.packetType,
    'sll.hatype': header.hardwareType,
    'sll.halen': header.addressLength,
    [header.hardwareType === 778 ? 'sll.gretype' : 'sll.etype']: header.protocol,
    ...(header.addressLength === 6 ? {'sll.src.eth': header.address} : {}),
    ...(header.version === 2 ? {'sll.ifindex': header.interfaceIndex} : {}),
  };
}
