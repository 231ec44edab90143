import test from 'ava';
import {groupOf} from '../../src/ipvs/persistence.ts';

const groups = test.macro<[client: string, netmask: string | undefined, group: string]>({
  exec(t, client, netmask, group) {
    t.is(groupOf(client, {timeout: 300, netmask}), group);
  },
  title: (_, client, netmask, group) => `${client} with mask ${netmask ?? 'none'} is of ${group}`,
});
test(groups, '192.0.2.117', undefined, '192.0.2.117');
test(groups, '192.0.2.117', '255.255.255.255', '192.0.2.117');
test(groups, '192.0.2.117', '255.255.255.240', '192.0.2.112');
test(groups, '192.0.2.117', '255.255.0.0', '192.0.0.0');
test(groups, '203.0.113.200', '128.0.0.0', '128.0.0.0');
test(groups, '2001:db8:1::117', '64', '2001:db8:1::');
test(groups, '2001:db8:1::117', '124', '2001:db8:1::110');
