import {lab} from '../../src/lab/define.ts';
import dr from './dr.ts';

const proves = ['M-ICMP6-dr'];
const {errors = [], ...expect} = dr.spec.expect;

export default lab({
  ...dr.spec,
  title: `IPv6: ${dr.spec.title}`,
  claims: proves,
  family: 'v6',
  expect: {
    ...expect,
    errors: errors.map(error => ({...error, type: 2, code: 0, proves})),
    answers: {proves},
  },
  counter: dr.spec.counter.map(counter => ({...counter, claim: 'M-ICMP6-dr'})),
});
