import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseJson, withStringIds, writeJson } from '../../../pkg/emulator/json.js';

for (const text of [
  '{}', '[]', '""', '0', '-0.5', '1e3', 'true', 'false', 'null', ' [ 1 , 2 ] ', '{"a":{"b":[1,"x\\u0041\\n\\"",null]}}',
  '9007199254740991', '-9007199254740991', '1.5e300', '"\u2028😀"', '{"a":1,"a":2}', '[[],{}]',
]) {
  test(`reads ${text} as JSON.parse does`, () => assert.deepEqual(parseJson(text), JSON.parse(text)));
}

for (const text of [
  '', ' ', '{', '[1,]', '{"a"}', '{"a":1,}', '{a:1}', "'a'", '01', '1.', '.5', '+1', 'nul', 'truex', '"\n"', '"\\x"',
  '"a',
  '[1 2]', '{} {}', 'NaN', '['.repeat(200) + ']'.repeat(200),
]) {
  test(`refuses ${text.slice(0, 20)}`, () => assert.throws(() => parseJson(text), SyntaxError));
}

for (const [text, value] of [
  ['9007199254740992', 9007199254740992n], ['90000000000000001', 90000000000000001n],
  ['-90000000000000001', -90000000000000001n],
  ['{"sub":123456789012345678901234567890}', { sub: 123456789012345678901234567890n }],
]) {
  test(`keeps ${text}`, () => {
    assert.deepEqual(parseJson(text), value);
    assert.equal(writeJson(value), text);
  });
}

test('__proto__ is a name as any other', () => {
  const value = parseJson('{"__proto__":{"x":1}}');
  assert.equal(value.x, undefined);
  assert.equal(writeJson(value), '{"__proto__":{"x":1}}');
});

test('undefined members are left out, undefined items are null', () => {
  assert.equal(writeJson({ a: undefined, b: [undefined, 'é"'] }), '{"b":[null,"é\\""]}');
});

test('ids as text', () => {
  const others = { grid: 5, score: 6, id_x: 7, x_id: 1.5 };
  const value = { id: 1, user_id: 2n, ids: [3], group_ids: [4, null], list: [{ file_id: 8 }], ...others };
  assert.deepEqual(withStringIds(value), {
    id: '1', user_id: '2', ids: ['3'], group_ids: ['4', null], list: [{ file_id: '8' }], ...others,
  });
});

test('the emulator imports its own modules alone, and one for messages that imports none', () => {
  const folder = new URL('../../../pkg/emulator/', import.meta.url);
  const names = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const files = names.filter((name) => name.endsWith('.js')).map((name) => new URL(name, folder));
  const shared = new URL('../meant.js', folder);
  for (const file of [...files, new URL('../emulator.js', folder), shared]) {
    const text = readFileSync(file, 'utf8');
    const imports = Array.from(text.matchAll(/from '([^']+)'/g), ([, from]) => from);
    for (const from of imports) {
      assert.match(from, /^\.{1,2}\//, file.href);
      const { href } = new URL(from, file);
      assert.ok(href.startsWith(folder.href) || (href === shared.href && file !== shared), `${file.href}: ${from}`);
    }
    assert.doesNotMatch(text, /\b(process|Buffer)\.|\brequire\(/, file.href);
  }
});
