import {lab} from '../../src/lab/define.ts';
import persistence from './persistence-netmask.ts';

const {spec} = persistence;

export default lab({
  ...spec,
  title:
    'IPv6: persistence with a prefix length: clients of one /124 share a template and a real server',
  family: 'v6',
  service: {...spec.service, persistence: {timeout: 300, netmask: '124'}},
});
