import {z} from 'zod';
import {capabilityNames, inWords, type CapabilityName} from './capabilities.ts';
import type {KernelFacts} from './types.ts';

/** What can be needed of a kernel: a capability, or a sysctl of IPVS by its name. */
export type KernelNeed = CapabilityName | `net.ipv4.vs.${string}`;

type Sysctl = Exclude<KernelNeed, CapabilityName>;

const isSysctl = (text: string): text is Sysctl => /^net\.ipv4\.vs\.\w+$/.test(text);

const isCapability = (text: string): text is CapabilityName =>
  capabilityNames.some(name => name === text);

export const isKernelNeed = (text: string): text is KernelNeed =>
  isSysctl(text) || isCapability(text);

/** A need as a file states it. `params.valid` are the words for an error. */
export const kernelNeedSchema = z.custom<KernelNeed>(
  value => typeof value === 'string' && isKernelNeed(value),
  {params: {valid: [...capabilityNames, 'net.ipv4.vs.…']}},
);

/** Sysctls that an option of the kernel's configuration brings (ip_vs_ctl.c, vs_vars). */
const options: Readonly<Record<string, string>> = {
  'net.ipv4.vs.conntrack': 'CONFIG_IP_VS_NFCT',
  'net.ipv4.vs.debug_level': 'CONFIG_IP_VS_DEBUG',
};

function words(need: KernelNeed): string {
  if (!isSysctl(need)) return inWords(need);
  const option = options[need];
  return `sysctl ${need}${option === undefined ? '' : ` (${option})`}`;
}

/**
 * The first of the needs that the kernel does not have, in words with the option that brings it; undefined when it has
 * all: `kernel 6.1.0-56 has no scheduler "twos" (CONFIG_IP_VS_TWOS, module ip_vs_twos)`.
 */
export function lacking(
  {release, has, sysctls}: KernelFacts,
  needs: readonly KernelNeed[],
): string | undefined {
  const lack = needs.find(need => (isSysctl(need) ? !sysctls.includes(need) : !has.includes(need)));
  return lack === undefined ? undefined : `kernel ${release} has no ${words(lack)}`;
}
