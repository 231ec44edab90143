import {join} from 'node:path';
import {BrokenLabError} from '../../problem.ts';
import {connectEngine} from '../docker.ts';
import {poll} from '../poll.ts';
import type {KernelFacts, LabHost} from '../types.ts';
import type {Machine} from './machine.ts';
import {consoleLog, lastWords} from './qemu.ts';
import {serveSocket} from './serve.ts';
import {findTrouble, kernelLogCommand} from './trouble.ts';

/** A guest as the layers above see it, with what only this folder needs. */
export interface GuestHost extends LabHost {
  readonly kind: 'guest';
  readonly machine: Machine;
  /** Its engine's socket, for other clients: DOCKER_HOST=unix://... */
  readonly socket: string;
  /** Folder of the template that it continues from; undefined while one is made. */
  readonly template: string | undefined;
  /** Ends the clients and the socket; the machine goes on. */
  detach(): Promise<void>;
}

export interface HostFacts {
  readonly accelerator: string;
  readonly kernel: KernelFacts;
  readonly nodeImage: string;
  readonly deployed: string | undefined;
  readonly template: string | undefined;
}

/** Makes a running machine a lab host: its engine's socket is served, and a client is connected to it. */
export async function hostOn(machine: Machine, facts: HostFacts): Promise<GuestHost> {
  const socket = join(machine.folder, 'docker.sock');
  const server = await serveSocket(machine.mux, socket);
  const client = connectEngine({kind: 'socket', path: socket}, () => ({
    what: `the lab host guest went away (QEMU: ${machine.qemu.end() ?? 'still running'}); it said last:\n${lastWords(machine.folder, 5)}`,
    where: machine.folder,
    next: 'run it again; lvslab doctor shows whether memory or disk are short',
  }));
  let closing: Promise<void> | undefined;
  const detach = async (): Promise<void> => {
    client.close();
    await server.close();
  };
  const close = (): Promise<void> => (closing ??= detach().then(() => machine.close()));
  return {
    kind: 'guest',
    ...facts,
    engine: client.engine,
    machine,
    socket,
    detach,
    kernelTrouble: async () => {
      try {
        return findTrouble((await machine.mux.exec(kernelLogCommand)).output);
      } catch (error) {
        // A guest whose kernel panics ends: what it said last is on its console.
        const crash = findTrouble(consoleLog(machine.folder));
        if (crash.length > 0) return crash;
        throw new BrokenLabError(
          {what: 'the kernel log of the lab host guest cannot be read', where: machine.folder},
          error,
        );
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Waits until the guest's engine answers. Errors: BrokenLabError with the end of dockerd's log at the deadline (ms). */
export async function waitForEngine(host: GuestHost, deadline: number): Promise<void> {
  const answered = await poll(
    async () => {
      if (host.machine.qemu.end() !== undefined) return false;
      try {
        await host.engine.ping();
        return true;
      } catch {
        return undefined;
      }
    },
    {deadline, every: 100},
  );
  if (answered === true) return;
  const log = await host.machine.mux
    .exec('tail -n 15 /var/log/dockerd.log', {deadline: 5000})
    .catch(() => ({output: lastWords(host.machine.folder)}));
  throw new BrokenLabError({
    what: `the engine in the lab host guest does not answer; it said last:\n${log.output.trim()}`,
    value: `no answer after ${deadline / 1000} s`,
    next: 'lvslab doctor',
  });
}
