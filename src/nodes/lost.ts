import {setTimeout} from 'node:timers/promises';
import type Docker from 'dockerode';
import {BrokenLabError} from '../problem.ts';
import {Demux, type Piece} from './demux.ts';

/** How many of the container's last log lines an error shows. */
const logLines = 5;
/** How long a container that dies may be called running. */
const endingMs = 5000;

/** Why a node can no longer be talked to: its container ended (exit code, last log lines), or the engine is gone. */
export async function lostNode(
  container: Docker.Container,
  node: string,
  cause?: unknown,
): Promise<BrokenLabError> {
  try {
    const state = await finalState(container);
    if (state.Running)
      return new BrokenLabError(
        {
          what: `the connection to the shell of node "${node}" was lost, though its container runs`,
          where: node,
          next: 'run the lab again',
        },
        cause,
      );
    const log = await lastLines(container);
    return new BrokenLabError(
      {
        what: `the container of node "${node}" ended${state.OOMKilled ? ' (out of memory)' : ''}`,
        where: node,
        value: [`exit code ${state.ExitCode}`, state.Error, ...log].filter(Boolean).join(' | '),
        next: 'run the lab again; with --keep to look at what is left of it',
      },
      cause,
    );
  } catch (error) {
    const gone = error instanceof Error && 'statusCode' in error && error.statusCode === 404;
    return new BrokenLabError(
      {
        what: gone
          ? `the container of node "${node}" was removed while it was in use`
          : `the Docker engine that node "${node}" runs on no longer answers`,
        where: node,
        next: gone ? 'run the lab again' : 'see `lvslab host status`, then run the lab again',
      },
      cause ?? error,
    );
  }
}

/** The engine ends the streams of a container that dies before it calls it ended. */
async function finalState(
  container: Docker.Container,
): Promise<Docker.ContainerInspectInfo['State']> {
  const deadline = Date.now() + endingMs;
  for (;;) {
    const {State: state} = await container.inspect();
    if (!state.Running || Date.now() > deadline) return state;
    await setTimeout(100);
  }
}

async function lastLines(container: Docker.Container): Promise<readonly string[]> {
  const log = await container.logs({stdout: true, stderr: true, tail: logLines});
  const demux = new Demux();
  demux.end(log);
  const pieces: Buffer[] = [];
  for await (const piece of demux as AsyncIterable<Piece>) pieces.push(piece.bytes);
  return Buffer.concat(pieces).toString('utf8').split('\n').filter(Boolean);
}
