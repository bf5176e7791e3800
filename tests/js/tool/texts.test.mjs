// The words of the pages in another language, which a tool gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../node/copies.mjs';
import { FAILURES, PAGES } from '../../../pkg/tool/texts.js';
import { Browser, ORIGIN, begin, codeOf, loginForm, makeWorld } from './world.mjs';

const FRENCH = {
  language: 'fr', moment: 'Un instant', goOn: 'Continuer <b>', failed: 'L’outil n’a pas pu être ouvert', notRegistered: 'L’outil n’a pas été inscrit',
  failures: {
    ERR_LTI_LOGIN_INVALID: ['Cette page a été ouverte sans Canvas.', 'Retournez à Canvas & recommencez.'],
    other: ['Ce que Canvas a envoyé n’est pas sûr.', 'Retournez à Canvas.'],
  },
};
const failed = async ({ tool }, path = '/lti/login', init) => (await tool.fetch(new Request(ORIGIN + path, init))).text();

test('what is given stands in the pages, and what is not is English', async () => {
  const world = makeWorld({ texts: FRENCH });
  const browser = new Browser(world.tool);
  const { page, form } = await begin(world, browser);
  assert.match(page, /<html lang="fr">[^]*<title>Un instant<\/title>[^]*<h1>Un instant<\/h1>[^]*>Continuer &#60;b&#62;<\/a>/);
  assert.match(page, new RegExp(PAGES.blocked));
  assert.match(await failed(world), /<html lang="fr">[^]*<h1>L’outil n’a pas pu être ouvert<\/h1>\n<p>Cette page a été ouverte sans Canvas\.<\/p>\n<p>Retournez à Canvas &#38; recommencez\.<\/p>/);
  assert.match(await (await new Browser(world.tool).ask('/lti/launch', { form })).text(), /<html lang="fr">[^]*<h1>Un instant<\/h1>/);
  // A code without words of its own, and one whose words are not given.
  const forged = { ...form, id_token: form.id_token.slice(0, -4) };
  assert.match(await (await browser.ask('/lti/launch', { form: forged })).text(), /Ce que Canvas a envoyé n’est pas sûr/);
  assert.match(await failed(world, '/lti/launch', { method: 'POST', body: new URLSearchParams({ state: 'x' }) }), new RegExp(FAILURES.ERR_LTI_STATE_INVALID[1]));
});

test('a function gives them for each request', async () => {
  const languages = { fr: FRENCH };
  const world = makeWorld({
    texts: ({ headers }) => languages[headers.get('accept-language')],
    registration: { tool: { client_name: 'Tool' }, approve: () => true, registered() {} },
  });
  const asked = (language, path) => failed(world, path, { headers: { 'accept-language': language } });
  assert.match(await asked('fr'), /<html lang="fr">/);
  assert.match(await asked('de'), /<html lang="en">/);
  assert.match(await asked('fr', '/lti/register'), /<h1>L’outil n’a pas été inscrit<\/h1>/);
});

for (const [what, texts, said] of [
  ['throws', () => { throw new RangeError('no such language'); }, /^options\.texts\(\): it threw$/],
  ['gives a misspelt name', () => ({ langage: 'fr' }), /^options\.texts\.langage: unknown, expected perhaps language$/],
  ['is async', async () => FRENCH, /^options\.texts\(\): a promise, .* must not be async$/],
  ['is async and rejects', async () => { throw new RangeError('no such language'); }, /must not be async$/],
]) {
  test(`a function that ${what} is answered in English, before anything is done`, async () => {
    const [heard, registered] = [[], []];
    const registration = {
      tool: { client_name: 'Tool' }, hosts: ['canvas.instructure.com'], approve: () => registered.push('approved') > 0,
      registered: (platform) => { registered.push(platform); },
    };
    const world = makeWorld({ texts, registration, onError: (error) => { heard.push(error); } });
    const { url } = await world.canvas.beginRegistration({ registrationUrl: `${ORIGIN}/lti/register` });
    const login = { method: 'POST', body: new URLSearchParams(await loginForm(world.canvas)) };
    for (const request of [new Request(`${ORIGIN}/lti/login`, login), new Request(`${ORIGIN}/lti/launch`), new Request(url)]) {
      const response = await world.tool.fetch(request);
      const page = await response.text();
      assert.deepEqual([response.status, codeOf(page)], [500, 'ERR_ARGUMENT']);
      assert.match(page, /<html lang="en">/);
    }
    assert.equal(heard.length, 3);
    for (const { message } of heard) assert.match(message, said);
    assert.deepEqual(registered, []);
    // No page: the platform has its keys all the same.
    assert.equal((await world.tool.fetch(new Request(`${ORIGIN}/lti/jwks`))).status, 200);
  });
}

test('what is no text of the pages is refused, with the nearest name', () => {
  for (const [texts, at, said] of [
    [{ langage: 'fr' }, 'options.texts.langage', /unknown, expected perhaps language/],
    [{ moment: 5 }, 'options.texts.moment', /expected a string/],
    [{ failures: { ERR_STOR: ['a', 'b'] } }, 'options.texts.failures.ERR_STOR', /unknown, expected perhaps ERR_STORE/],
    [{ failures: { ERR_STORE: 'a' } }, 'options.texts.failures.ERR_STORE', /expected two strings/],
    ['fr', 'options.texts', /expected an object, or a function/],
  ]) {
    assert.throws(() => makeWorld({ texts }), (error) => {
      assert.deepEqual([error.code, error.at], ['ERR_ARGUMENT', at]);
      assert.match(error.message, said);
      return true;
    });
  }
});

test('the types name every text', () => {
  const types = read('pkg/tool.d.ts');
  const [, texts] = /export interface ToolTexts \{([^]*?)\n\}/.exec(types);
  const names = [...texts.replace(/\/\*\*[^]*?\*\//g, '').matchAll(/(\w+)\?:/g)].map(([, name]) => name);
  assert.deepEqual(names.sort(), [...Object.keys(PAGES), 'failures'].sort());
  const [, codes] = /export type ToolFailure =([^;]*);/.exec(types);
  assert.deepEqual([...codes.matchAll(/'(\w+)'/g)].map(([, code]) => code), [...Object.keys(FAILURES), 'other']);
});
