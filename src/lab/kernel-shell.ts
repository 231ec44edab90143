import type Docker from 'dockerode';
import type {LabHost} from '../host/types.ts';
import {shellContainer} from '../nodes/container.ts';
import {openShell} from '../nodes/shell.ts';
import type {CommandLog, NodeShell} from '../nodes/types.ts';
import {ownerOf} from '../own/owner.ts';

/** Who answers for the kernel that all nodes share; no node can be called so. */
export const kernelNode = '(kernel)';

/**
 * A shell that sees the kernel's own threads, which nodes do not: a container without network or capability in the process
 * namespace of the lab host. It is made when it is first asked for. Throws BrokenLabError as a node's shell does.
 */
export function kernelShell(
  {engine, nodeImage}: Pick<LabHost, 'engine' | 'nodeImage'>,
  run: string,
  log: CommandLog,
): NodeShell {
  let made: Promise<{container: Docker.Container; shell: NodeShell}> | undefined;
  const make = async () => {
    const options = shellContainer({run, owner: ownerOf()}, nodeImage);
    const container = await engine.createContainer({
      ...options,
      HostConfig: {...options.HostConfig, PidMode: 'host'},
    });
    await container.start();
    return {container, shell: await openShell(container, kernelNode, log)};
  };
  return {
    node: kernelNode,
    async run(script, options) {
      const {shell} = await (made ??= make());
      return shell.run(script, options);
    },
    async close() {
      if (made === undefined) return;
      const {container, shell} = await made;
      await shell.close();
      await container.remove({force: true, v: true});
    },
  };
}
