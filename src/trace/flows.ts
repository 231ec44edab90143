import {connectionKey} from './essence.ts';
import {groupBy} from './group.ts';
import type {Track} from './paths.ts';
import type {Flow} from './types.ts';

/** A connection while its paths are found; one that turned out to be part of another points there. */
interface Connection {
  /** Sequence number of the SYN that opened it. */
  opened: number | undefined;
  joined: Connection | undefined;
}

/**
 * Paths joined to connections: all that share a tuple in any of its rewritten forms, in both directions. A SYN with
 * another sequence number begins a new connection on the same tuple (RFC 9293, section 3.4.1: ports used again).
 */
export function findFlows(tracks: readonly Track[]): readonly Flow[] {
  const current = new Map<string, Connection>();
  const members = tracks.map(track => ({track, connection: place(track, current)}));
  return [...groupBy(members, ({connection}) => root(connection)).values()].flatMap(group => {
    const first = group[0];
    return first === undefined
      ? []
      : [
          {
            tuple: first.track.passages[0].essence.tuple,
            origin: first.track.path.origin,
            paths: group.map(({track}) => track.path),
          },
        ];
  });
}

function place({passages}: Track, current: Map<string, Connection>): Connection {
  const keys = [...new Set(passages.map(({essence}) => connectionKey(essence.tuple)))];
  const opens = passages[0].essence.opens;
  const found = keys.flatMap(key => {
    const connection = current.get(key);
    return connection === undefined ? [] : [root(connection)];
  });
  const same = opens === undefined ? found : found.filter(({opened}) => opened === opens);
  const connection = same[0] ?? {opened: opens, joined: undefined};
  for (const other of same) if (other !== connection) other.joined = connection;
  for (const key of keys) current.set(key, connection);
  return connection;
}

function root(connection: Connection): Connection {
  let at = connection;
  while (at.joined !== undefined) at = at.joined;
  // Pointing at the end keeps later look-ups short.
  if (connection.joined !== undefined) connection.joined = at;
  return at;
}
