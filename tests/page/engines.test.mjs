// Inspect in Chromium, Firefox and WebKit by real clicks and keys, from a path of its own: axe in every state, no complaint, nothing
// from elsewhere.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ENGINES, KEYS, available, openIn } from './engines.mjs';

for (const engine of ENGINES) {
  suite(engine, available(engine), () => {
    let page;
    before(async () => {
      page = await openIn(engine);
    });
    after(() => page?.close());

    test('the samples, one after the other, with nothing for axe to find', async () => {
      await page.open();
      await page.shows(/Paste a token, and read here/);
      await page.axe();
      for (const [name, verdict] of Object.entries({
        'A good assertion': /This LTI 2 assertion is good[^]*Expires in \d/,
        'A launch (LTI 1.3)': /This LTI 1.3 launch \(id_token\) is good[^]*Learner, in this course/,
        'Documented assertion': /Canvas will refuse this LTI 2 assertion[^]*Expired 9 years/,
        'Canvas JWT': /This Canvas service JWT is encrypted/,
        'A broken one': /Whoever verifies will refuse this JWS/,
      })) {
        await page.button(name);
        await page.shows(verdict);
        await page.axe();
      }
      await page.clean();
    });

    test('what is typed is answered, and its parts are coloured where they are typed', async () => {
      await page.open();
      await page.type('Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ.c2lnbmF0dXJl');
      await page.shows(/90000000000000001/);
      const parts = await page.run(() => ['header', 'claims', 'signature'].map((name) =>
        [...document.querySelector('token-editor').shadowRoot.querySelectorAll(`.${name}`)].map(({ textContent }) => textContent).join('')));
      assert.deepEqual(parts, ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ', 'c2lnbmF0dXJl']);
      // And underlined, each in its way, for those who see no colours.
      const styles = await page.run(() => ['header', 'claims', 'signature'].map((name) =>
        getComputedStyle(document.querySelector('token-editor').shadowRoot.querySelector(`.${name}`))).map(({ textDecorationLine, textDecorationStyle }) =>
        `${textDecorationLine} ${textDecorationStyle}`));
      assert.deepEqual(styles, ['underline solid', 'underline dashed', 'underline dotted']);
      await page.button('Clear');
      await page.shows(/Paste a token, and read here/);
      await page.clean();
    });

    test('a secret is typed, claims become JSON, and sharing tells what it gives away', async () => {
      await page.open();
      await page.button('A good assertion');
      await page.shows(/Signature verified/);
      await page.type('Key', 'another');
      await page.shows(/Canvas will refuse this LTI 2 assertion/);
      await page.clickFound(() => [...document.querySelectorAll('.segmented label')].at(-1));
      await page.shows(/"jti":/);
      await page.axe();
      await page.button('Share');
      await page.shows(/Whoever has the link has the token/);
      await page.button('Make a link');
      await page.shows(/#inspect\?token=eyJ[\w-]+\.[\w-]+\.\s/);
      await page.axe();
      await page.press(KEYS.escape);
      await page.clean();
    });

    test('a check shows its characters in the token, by the keyboard', async () => {
      await page.open();
      await page.button('Documented assertion');
      await page.shows(/Canvas will refuse/);
      const marked = () => page.run(() => [...document.querySelector('token-editor').shadowRoot.querySelectorAll('.marked')]
        .map(({ textContent }) => textContent).join(''));
      await page.run(() => [...document.querySelectorAll('claims-table .name')].find(({ textContent }) => textContent.trim() === 'typ').focus());
      for (let presses = 0; presses < 40 && !/JYXQ/.test(await marked()); presses += 1) await page.press(KEYS.tab);
      assert.match(await marked(), /JYXQ/);
      await page.clean();
    });

    test('light and dark by the switch, narrow, and with text twice as large', async () => {
      await page.open('#inspect');
      await page.button('Documented assertion');
      await page.shows(/Canvas will refuse/);
      const ground = () => page.run(() => getComputedStyle(document.documentElement).backgroundColor);
      const choose = (theme) => page.run((name) => {
        const field = document.querySelector('#theme');
        field.value = name;
        field.dispatchEvent(new Event('change'));
      }, theme);
      await choose('light');
      const light = await ground();
      await choose('dark');
      assert.notEqual(await ground(), light);
      await page.axe();
      await choose('system');
      await page.run(() => void (document.documentElement.style.fontSize = '200%'));
      await page.resize(500, 800);
      assert.equal(await page.run(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
      await page.axe();
      assert.equal(await page.run(() => localStorage.length), 0);
      await page.clean();
    });
  });
}
