// What is no token is ERR_TOKEN_INVALID, which says where.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copies, refuses, unsigned, vector, vectors } from './copies.mjs';

const JWS = vector('canvas-tool-proxy-assertion').token;
const [HEADER, PAYLOAD, SIGNATURE] = JWS.split('.');
const jws = (...parts) => parts.join('.');
const nine = 'abcdefghi';
const many = (last) => `{${[...nine, last].map((name) => `"${name}":1`).join()}}`;
const nested = (depth, open = '[', close = ']') => open.repeat(depth) + '1' + close.repeat(depth);

const TOKENS = {
  'the empty text': ['', 'token'],
  'white space': [' \n\t ', 'token'],
  'a scheme alone': ['Bearer ', 'token'],
  'another scheme': [`Basic ${JWS}`, 'header'],
  'one part': ['abc', 'token'],
  'two parts': [jws(HEADER, PAYLOAD), 'token'],
  'four parts': [jws(JWS, 'AA'), 'token'],
  'six parts': [jws(JWS, 'AA', 'AA', 'AA'), 'token'],
  'a thousand dots': ['.'.repeat(1000), 'token'],
  'no header': [jws('', PAYLOAD, SIGNATURE), 'header'],
  'padding in the header': [jws('e30=', PAYLOAD, SIGNATURE), 'header'],
  'padding in the payload': [jws(HEADER, 'e30=', SIGNATURE), 'payload'],
  'standard base64': [jws(HEADER, 'e30', `+${SIGNATURE.slice(1)}`), 'signature'],
  'white space inside': [jws(HEADER, `${PAYLOAD.slice(0, 8)}\n${PAYLOAD.slice(8)}`, SIGNATURE), 'payload'],
  'white space around a part': [jws(HEADER, PAYLOAD, ` ${SIGNATURE}`), 'signature'],
  'stray bits': [jws(HEADER, PAYLOAD, 'AB'), 'signature'],
  'a length of base64url that cannot be': [jws(HEADER, PAYLOAD, 'A'), 'signature'],
  'letters beyond ASCII': [jws(HEADER, PAYLOAD, 'é'), 'signature'],
  'a lone surrogate': [`${JWS}\ud800`, 'token'],
  'URL encoding': [jws(HEADER, PAYLOAD, '%41'), 'signature'],
  'quotation marks': [`"${JWS}"`, 'header'],
  'a part of a JWE': [jws('e30', '', 'A', '', ''), 'iv'],
  'an encrypted key': [jws('e30', '=', '', '', ''), 'encryptedKey'],
  'a ciphertext': [jws('e30', '', '', '!', ''), 'ciphertext'],
  'a tag': [jws('e30', '', '', '', 'AB'), 'tag'],
  'a header that is no object': [unsigned('{}', '[]'), 'header'],
  'a header that is no JSON': [unsigned('{}', "{'alg':'HS256'}"), 'header'],
  'a header that is no UTF-8': [unsigned('{}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'header'],
  'a header after a byte order mark': [unsigned('{}', '\ufeff{}'), 'header'],
  'a payload that is no UTF-8': [unsigned(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'payload'],
  'broken claims': [unsigned('{"a":1'), 'payload'],
  'more after the claims': [unsigned('{"a":1}x'), 'payload'],
  'a comma too many': [unsigned('{"a":1,}'), 'payload'],
  'a number with a leading zero': [unsigned('{"a":01}'), 'payload'],
  'a number beyond a double': [unsigned('{"a":1e999}'), 'payload'],
  'NaN': [unsigned('{"a":NaN}'), 'payload'],
  'a comment': [unsigned('{/**/}'), 'payload'],
  'a tab inside a string': [unsigned('{"a":"\t"}'), 'payload'],
  'half an escaped pair': [unsigned('{"a":"\\ud800"}'), 'payload'],
  'a name twice in the header': [unsigned('{}', '{"alg":"none","alg":"HS256"}'), 'header'],
  'a name twice': [unsigned('{"a":1,"b":2,"a":1}'), 'payload'],
  'a name twice by escape': [unsigned('{"a":1,"\\u0061":1}'), 'payload'],
  'a name twice among many': [unsigned(many('a')), 'payload'],
  'a name twice, deep down': [unsigned('{"x":[{"y":{"a":1,"a":2}}]}'), 'payload'],
  '__proto__ twice': [unsigned('{"__proto__":1,"__proto__":2}'), 'payload'],
  'a name twice in an inner token': [unsigned(unsigned('{"a":1,"a":2}')), 'payload'],
  'depth in the payload': [unsigned(`{"a":${nested(64)}}`), 'payload'],
  'depth in the header': [unsigned('{}', nested(65, '{"a":', '}')), 'header'],
  'a number of many digits': [unsigned(`{"a":${'1'.repeat(401)}}`), 'payload'],
};

for (const [how, { decode }] of Object.entries(copies)) {
  for (const [name, [token, at]] of Object.entries(TOKENS)) {
    test(`${how}: refuses ${name}`, () => {
      const error = refuses(() => decode(token), 'ERR_TOKEN_INVALID', at);
      assert.ok(error.message.length < 200);
    });
  }

  test(`${how}: refuses JSON serializations`, () => {
    const texts = vectors('rfc7520').flatMap(({ general, flattened }) => [general, flattened]).filter(Boolean);
    assert.ok(texts.length > 10);
    for (const text of texts) refuses(() => decode(text), 'ERR_TOKEN_INVALID', 'token');
  });

  test(`${how}: what is just inside the limits is read`, () => {
    assert.deepEqual(Object.keys(decode(unsigned(many('j'))).claims), [...nine, 'j']);
    assert.ok(decode(unsigned(`{"a":${nested(63)}}`)).claims);
    assert.ok(decode(unsigned('{}', nested(64, '{"a":', '}'))).header);
    const filled = (signature) => jws('e30', Buffer.alloc(786420, 0x20).toString('base64url'), 'A'.repeat(signature));
    assert.equal(filled(11).length, 2 ** 20);
    assert.equal(Buffer.from(decode(filled(11)).layers[0].payload, 'base64url').length, 786420);
    refuses(() => decode(filled(12)), 'ERR_TOKEN_INVALID', 'token');
  });

  test(`${how}: layers without end are not opened without end`, () => {
    let token = JWS;
    for (let layer = 0; layer < 20; layer += 1) token = unsigned(token);
    const { layers, claims } = decode(token);
    assert.equal(layers.length, 9);
    assert.equal(claims, null);
  });
}
