/** Facts that a claim needs besides packets. */
export type FactExpectation =
  /** Only these nodes hold an address in the network (from the resolved topology). */
  | {
      readonly kind: 'only-in-network';
      readonly network: string;
      readonly nodes: readonly string[];
      readonly proves: readonly string[];
    }
  /** The nodes share a network. */
  | {
      readonly kind: 'shared-network';
      readonly nodes: readonly [string, string];
      readonly proves: readonly string[];
    }
  /** The nodes share no network. */
  | {
      readonly kind: 'no-shared-network';
      readonly nodes: readonly [string, string];
      readonly proves: readonly string[];
    }
  /** Real servers' default gateway is this node's interface (collected `ip route`). */
  | {
      readonly kind: 'gateway';
      readonly node: string;
      readonly via: string;
      readonly proves: readonly string[];
    }
  /** Nothing routes from the node to the address (collected `ip route`). */
  | {
      readonly kind: 'no-route';
      readonly node: string;
      readonly to: string;
      readonly proves: readonly string[];
    }
  /** The access log of the node has this peer address and not the other. */
  | {
      readonly kind: 'logged-peer';
      readonly node: string;
      readonly is: string;
      readonly not: string;
      readonly proves: readonly string[];
    }
  /** Who answers who-has for the address: only this node, and at least once. */
  | {
      readonly kind: 'arp-answered-only-by';
      readonly address: string;
      readonly node: string;
      readonly proves: readonly string[];
    }
  /** The bytes that passed a node in a direction: some, or none. */
  | {
      readonly kind: 'bytes';
      readonly node: string;
      readonly direction: 'request' | 'reply';
      readonly passes: boolean;
      readonly proves: readonly string[];
    };
