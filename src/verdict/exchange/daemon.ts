/** What `ipvsadm -Ln --daemon` says of a director's sync daemon. */
export interface Daemon {
  readonly state: 'master' | 'backup';
  readonly id: number;
}

/** Reads `backup sync daemon (mcast=eth0, syncid=7, ...)`, a line each; a director may have both. */
export const daemonsIn = (text: string): readonly Daemon[] =>
  text.split('\n').flatMap((line): readonly Daemon[] => {
    const [, state, id] =
      /^(master|backup) sync daemon \(mcast=[^,]+, syncid=(\d+)/.exec(line) ?? [];
    return id === undefined
      ? []
      : [{state: state === 'master' ? 'master' : 'backup', id: Number(id)}];
  });
