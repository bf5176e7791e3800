// parse and stringify: JSON that keeps every digit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copies, refuses } from './copies.mjs';

const BIG = '90000000000000001';

for (const [how, { decode, parse, signJwtSync, stringify }] of Object.entries(copies)) {
  test(`${how}: large integers are bigints, whatever is around them`, () => {
    const text = `{"a":${BIG},"b":[-${BIG},1,1.5,"${BIG}"],"c":{"__proto__":${BIG}}}`;
    const value = parse(text);
    assert.equal(value.a, BigInt(BIG));
    assert.deepEqual(value.b, [-BigInt(BIG), 1, 1.5, BIG]);
    assert.equal(Object.hasOwn(value.c, '__proto__'), true);
    assert.equal(stringify(value), text);
    assert.equal(parse(BIG), BigInt(BIG));
    assert.equal(parse('9007199254740991'), 9007199254740991);
    assert.equal(parse(' null '), null);
  });

  test(`${how}: what decode gives can be written`, () => {
    const token = signJwtSync({ sub: BigInt(BIG) }, { secret: 'secret' });
    assert.throws(() => JSON.stringify(decode(token)), TypeError);
    assert.match(stringify(decode(token)), new RegExp(`"claims":\\{"sub":${BIG}\\}`));
  });

  test(`${how}: written as JSON.stringify writes, in lines too`, () => {
    for (const value of [{ a: [1, { b: 'é"\n' }], c: undefined, d: {}, e: [] }, [], 'x', -0.5, 1e21, true, null]) {
      for (const space of [undefined, 0, 1, 2, 10]) {
        assert.equal(stringify(value, space), JSON.stringify(value, null, space), `${JSON.stringify(value)} ${space}`);
      }
    }
  });

  test(`${how}: what JSON lacks is named by its place`, () => {
    const cycle = {};
    cycle.self = cycle;
    for (const [value, at] of [
      [{ a: new Date(0) }, 'value.a'], [{ a: { b: NaN } }, 'value.a.b'], [undefined, 'value'], [() => {}, 'value'],
      [{ m: new Map() }, 'value.m'], [cycle, undefined],
    ]) {
      refuses(() => stringify(value), 'ERR_ARGUMENT', at);
    }
    for (const space of [-1, 11, 1.5, '  ', null]) {
      refuses(() => stringify({}, space), 'ERR_ARGUMENT', 'space');
    }
    for (const text of ['', '{', '{"a":1,"a":2}', `${'['.repeat(65)}${']'.repeat(65)}`, 'undefined', '01', undefined, 1]) {
      refuses(() => parse(text), 'ERR_ARGUMENT', 'text');
    }
  });
}
