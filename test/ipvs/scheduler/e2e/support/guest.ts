import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {lvslab} from '../../../../e2e/support/cli.ts';
import {sourceOf, sources} from './arrivals.ts';
import {driver} from './driver.ts';

/** A director on a lab host of its own. */
export interface Guest {
  /** Runs a shell script on the director, with lines of the driver's in it, and gives its output; throws when it fails. */
  drive(script: string): Promise<string>;
  /** Runs a shell script on the director and gives its output; throws when it fails. */
  run(script: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a guest of a kernel, and makes its director a client of its own: IPVS takes what the director sends to a VIP as
 * it takes what it receives, so that one script can change services and open connections, in a certain order, however
 * slow the machine is.
 */
export async function startGuest(kernel: string): Promise<Guest> {
  const runtime = mkdtempSync(join(tmpdir(), 'lvs-s-'));
  const call = async (args: readonly string[]): Promise<string> => {
    const {exitCode, stdout, stderr} = await lvslab(args, {
      LVSLAB_RUNTIME: runtime,
      LVSLAB_KERNEL: kernel,
    });
    if (exitCode !== 0) throw new Error(`lvslab ${args[0]}: ${exitCode}\n${stdout}${stderr}`);
    return stdout;
  };
  const run = (script: string): Promise<string> =>
    call(['exec', 'director', '--', 'sh', '-ec', script]);
  const guest: Guest = {
    run,
    drive: script => run(driven(script)),
    async close() {
      await call(['host', 'down']);
      rmSync(runtime, {recursive: true, force: true});
    },
  };
  await call(['deploy', 'two-arm-nat']);
  await guest.run(setup());
  return guest;
}

/** A script with lines of the driver's. */
export const driven = (script: string): string =>
  `perl /tmp/drive.pl <<'SCRIPT'\n${script}\nSCRIPT`;

/** Addresses and routes of the director as client, and the program that opens connections. */
export function setup(): string {
  const addresses = [
    '198.51.100.80/32',
    '2001:db8:2::80/128',
    ...Array.from({length: sources}, (_, i) => [
      `${sourceOf('v4', i)}/32`,
      `${sourceOf('v6', i)}/128`,
    ]).flat(),
  ];
  return `ip -batch - <<'END'
${addresses.map(address => `addr add ${address} dev lo`).join('\n')}
route add local 198.18.0.0/16 dev lo
route add local 2001:db8:b::/48 dev lo
END
cat > /tmp/drive.pl <<'END'
${driver}
END`;
}
