import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/** The Debian suite of the guest's and the nodes' user land; the kernel is chosen apart from it. */
export const SUITE = 'trixie';

/** A Debian root tree: the packages on top of the essential ones. */
export interface Root {
  readonly name: string;
  readonly why: string;
  readonly packages: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

export const guestRoot: Root = {
  name: 'guest',
  why: 'the lab host itself: a Docker engine and what its init script calls',
  packages: words(
    'docker.io containerd crun iptables iproute2 ethtool kmod procps perl-base socat',
  ),
};

export const nodeRoot: Root = {
  name: 'node',
  why: 'the nodes of a topology: IPVS and network tools, servers, clients, captures',
  packages: words(
    'ipvsadm keepalived iproute2 iptables nftables conntrack ethtool tcpdump arping iputils-ping curl socat nginx-light vsftpd iperf3 procps perl-base kmod',
  ),
};

/** The disk's size in bytes as the guest sees it; in the cache it takes only what is used. */
export const DISK_BYTES = 4 * 1024 ** 3;

export const importScript = fileURLToPath(new URL('import.sh', import.meta.url));
export const importClient = fileURLToPath(new URL('import-client.ts', import.meta.url));

const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);

/** Raise it when the way of building changes and no other part of the recipe does. */
const EDITION = 1;

/** `lvslab-node:HASH`: the name tells apart the images of different recipes. */
export const nodeImage = `lvslab-node:${digest([EDITION, SUITE, nodeRoot.packages])}`;

/** Names the disk by all that decides what is in it. */
export const diskId = digest([
  EDITION,
  SUITE,
  guestRoot.packages,
  nodeImage,
  DISK_BYTES,
  readFileSync(importScript, 'utf8'),
  readFileSync(importClient, 'utf8'),
]);

/** A hash of anything that decides what an image is, in the form of the others. */
export const imageHash = (...parts: readonly string[]): string => digest(parts);
