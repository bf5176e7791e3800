// With `spans`, a report says where everything stands in the text as it was given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptJwe, inspect, signAssertion, signJwt, wrap } from 'canvas-lms-tokens';
import { read } from '../node/copies.mjs';
import { ENDPOINT } from './generator.mjs';

const now = 1_700_000_000;
const key = { secret: 'secret' };
const decryptionKey = { secret: '0123456789abcdef0123456789abcdef' };
const GOOD = signAssertion({ sub: '123123-ad13-ac233', aud: ENDPOINT, iat: now, exp: now + 60, jti: 'j' }, 'secret');
const DOCUMENTED = [.../const sample =\n([^;]+);/.exec(read('README.md'))[1].matchAll(/'([^']+)'/g)].map(([, part]) => part).join('');
const ODD = await signJwt({ sub: 'ü𝒳"', 'na me': [1, { sub: 2 }], aud: '', Exp: 5, exp: 'soon', iat: 7n }, key, { alg: 'HS256', kid: '中', typ: 'x' });

/** The characters of base64 that hold these bytes, at least in part: three bytes are four characters. */
const encoded = ({ start, end }, from) => ({ start: from + Math.floor(start * 4 / 3), end: from + Math.ceil(end * 4 / 3) });

/** Where each member stands in a token, told from its JSON text: {'header.alg': span}. */
function placesIn(token) {
  const places = {};
  let from = 0;
  for (const [kind, part] of [['header', token.split('.')[0]], ['claims', token.split('.')[1]]]) {
    const json = Buffer.from(part, 'base64url').toString('latin1');
    let at = 1;
    while (at < json.length - 1) {
      const [whole, name] = /^"((?:[^"\\]|\\.)*)":(?:"(?:[^"\\]|\\.)*"|\[.*?\]|[^,}]*)/.exec(json.slice(at));
      const utf8 = Buffer.from(name, 'latin1').toString();
      places[`${kind}.${utf8}`] = { name: utf8, ...encoded({ start: at, end: at + whole.length }, from) };
      at += whole.length + 1;
    }
    from += part.length + 1;
  }
  return places;
}

/** Every member that the report has a span for. */
const membersOf = (report) => report.parts.flatMap(({ name: part, members }) => members
  .filter(({ span }) => span)
  .map(({ name, span }) => [`${part === 'protected' ? 'header' : 'claims'}.${name}`, span]));

/** A text that holds the token: where its span stands in that text. */
const around = (before, after = '') => ({
  text: (token) => `${before}${token}${after}`, moved: ({ start, end }) => ({ start: start + before.length, end: end + before.length }),
});
const FORMS = {
  'as it is': around(''),
  'with white space around': around(' \n\t', '\r\n '),
  'with Bearer before it': around('Bearer '),
  'with both': around('\n Bearer   ', '\n'),
  'in quotation marks': around('"', '"'),
  'wrapped in base64': { text: wrap, moved: (span) => encoded(span, 0) },
  'wrapped, with Bearer before it': { text: (token) => `Bearer ${wrap(token)} `, moved: (span) => encoded(span, 7) },
};
const TOKENS = { 'a good assertion': GOOD, "the sample of Canvas's documentation": DOCUMENTED, 'an odd one': ODD };

for (const [what, token] of Object.entries(TOKENS)) {
  for (const [form, { text, moved }] of Object.entries(FORMS)) {
    test(`${what}, ${form}: each member and check stands where the report says`, async () => {
      const given = text(token);
      const report = await inspect(given, { spans: true, key, endpoint: ENDPOINT, now });
      const expected = Object.entries(placesIn(token)).map(([at, place]) => [at, moved(place)]);
      assert.ok(expected.length >= 7);
      assert.deepEqual(membersOf(report), expected);

      const spans = new Map(expected);
      for (const { at, span } of report.checks) {
        if (spans.has(at)) assert.deepEqual(span, spans.get(at), at);
        else if (/^(header|claims)\./.test(at)) assert.equal(span, undefined, at);
        else if (span) assert.ok(span.start <= span.end && span.end <= given.length, at);
      }
      assert.ok(report.checks.some(({ at }) => spans.has(at)));
    });
  }

  test(`${what}: the characters of a span are those of the member`, async () => {
    for (const before of ['', ' Bearer ']) {
      const given = before + token;
      const { parts } = await inspect(given, { spans: true, now });
      assert.deepEqual(parts.map(({ name }) => name), ['protected', 'payload', 'signature']);
      for (const [place, { name, span: whole, json, members }] of parts.entries()) {
        const part = given.slice(whole.start, whole.end);
        assert.equal(part, token.split('.')[place]);
        if (name === 'signature') continue;
        assert.equal(json, Buffer.from(part, 'base64url').toString());
        for (const { name: member, span } of members) {
          const from = span.start - whole.start;
          const text = Buffer.from(part.slice(from - from % 4, span.end - whole.start), 'base64url').toString();
          assert.ok(text.includes(`${JSON.stringify(member)}:`), `${member} in ${text}`);
        }
      }
    }
  });

  test(`${what}: without spans the report is the same but for them`, async () => {
    const options = { key, endpoint: ENDPOINT, now };
    const { parts, checks, ...rest } = await inspect(token, { ...options, spans: true });
    assert.ok(parts.length > 0 && checks.some(({ span }) => span));
    const without = { ...rest, checks: checks.map(({ span, ...check }) => check) };
    for (const spans of [undefined, false]) assert.deepEqual(await inspect(token, { ...options, spans }), without);
    assert.deepEqual(await inspect(token, options), without);
  });
}

test('spans count UTF-16 code units, whatever stands before the token', async () => {
  for (const before of ['\u00a0', '\u3000\u2003 ', 'é', '𝒳 ', '中文: ', '\ufeff']) {
    const given = before + GOOD;
    const report = await inspect(given, { spans: true, now });
    for (const { name, span } of report.parts) {
      if (span === undefined) continue;
      assert.ok(span.start >= 0 && span.end <= given.length, name);
    }
    const claims = report.parts.find(({ name }) => name === 'payload');
    if (claims?.span) assert.equal(given.slice(claims.span.start, claims.span.end), GOOD.split('.')[1], JSON.stringify(before));
  }
  for (const before of ['\u00a0', '\u3000\u2003 ']) {
    const report = await inspect(before + GOOD, { spans: true, now });
    const expected = Object.entries(placesIn(GOOD)).map(([at, place]) => [at, around(before).moved(place)]);
    assert.deepEqual(membersOf(report), expected);
  }
});

test('white space inside of a token is within its spans', async () => {
  const broken = GOOD.replace(/.{40}/g, '$&\r\n  ');
  const { parts } = await inspect(broken, { spans: true, now });
  const [, { span, members }] = parts;
  assert.equal(broken.slice(span.start, span.end).replace(/\s/g, ''), GOOD.split('.')[1]);
  const places = placesIn(GOOD);
  for (const { name, span: { start, end } } of members) {
    const { start: from, end: to } = places[`claims.${name}`];
    assert.equal(broken.slice(start, end).replace(/\s/g, ''), GOOD.slice(from, to));
    assert.match(broken[start] + broken[end - 1], /^\S\S$/);
  }
});

test('of an encrypted token only its own parts have spans, not what was found inside', async () => {
  const header = { alg: 'dir', enc: 'A256GCM', kid: 'k' };
  const inside = { sub: '1', exp: 5, Iat: 6, aud: ENDPOINT };
  const tokens = [await signJwt(inside, key), JSON.stringify(inside)];
  for (const plaintext of tokens) {
    const jwe = await encryptJwe(plaintext, decryptionKey, header);
    for (const [form, { text, moved }] of Object.entries({ plain: FORMS['as it is'], wrapped: FORMS['wrapped in base64'] })) {
      const given = text(jwe);
      const closed = await inspect(given, { spans: true, now });
      const opened = await inspect(given, { spans: true, now, key, decryptionKey });
      assert.equal(closed.claims, null);
      assert.equal(opened.claims.sub, '1');
      const expected = Object.entries(placesIn(jwe.replace(/\..*/, '.e30'))).map(([at, place]) => [at, moved(place)]);
      for (const report of [closed, opened]) {
        assert.deepEqual(membersOf(report), expected.filter(([at]) => at.startsWith('header.')), form);
        const located = report.parts.filter(({ span }) => span).map(({ name }) => name);
        assert.deepEqual(located, ['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag']);
      }
      const failed = opened.checks.filter(({ at }) => at?.startsWith('claims.'));
      assert.ok(failed.length > 0);
      for (const check of failed) assert.ok(!('span' in check), check.id);
    }
  }
});

test('spans must be a boolean', async () => {
  for (const spans of [null, 'true', 1]) {
    await assert.rejects(inspect(GOOD, { spans }), { code: 'ERR_ARGUMENT', at: 'options.spans' });
  }
});
