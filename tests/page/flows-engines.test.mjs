// Sign, LTI 1.3 and Canvas in Chromium, Firefox and WebKit by real clicks and keys, from a path of the page's own: axe after every
// step of every flow, no complaint, nothing from elsewhere.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ENGINES, KEYS, available, openIn, until } from './engines.mjs';

for (const engine of ENGINES) {
  suite(engine, available(engine), () => {
    let page;
    before(async () => {
      page = await openIn(engine);
    });
    after(() => page?.close());

    const choose = (id, value) => page.run((chosen) => {
      const field = document.querySelector(chosen.id);
      field.value = chosen.value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }, { id, value });
    const press = (label) => page.clickFound((text) => [...document.querySelectorAll('.segmented label')]
      .find((element) => element.innerText.trim() === text && element.checkVisibility()), label);
    const token = () => page.run(() => document.querySelector('made-pane').made?.token);

    test('Sign: every template, what is typed, a fault, encryption, keys and code', async () => {
      await page.open('#sign');
      await page.shows(/Signed with HS256[^]*Nothing in it is wrong/);
      await page.axe();
      const before = await token();
      await page.type('Signing key', 'another secret');
      await until(async () => ![before, undefined].includes(await token()));
      await page.type('Claims', 'x');
      await page.shows(/Not signed/);
      await page.axe();
      for (const [template, shown] of Object.entries({
        developerKey: /LTI 2 assertion/, documented: /expired/, clientAssertion: /LTI 1.3 client assertion\s*RS256/, idToken: /LTI 1.3 launch/,
        deepLinking: /LTI 1.3 deep linking response/, canvasJwt: /Signed with HS256, and encrypted/, jwt: /JWT\s*HS256/,
      })) {
        await choose('#edit-template', template);
        await page.shows(shown);
        await page.axe();
      }
      await choose('.choice[aria-label="Algorithm"]', 'ES256');
      await page.shows(/Signed with ES256/);
      await page.button('Copy or save the key');
      await page.shows(/-----BEGIN PRIVATE KEY-----/);
      await press('Rust');
      await page.shows(/fn token\(signing_key: &str, sign: impl FnOnce/);
      await page.axe();
      await page.button('Inspect it');
      await page.shows(/Signature verified/);
      await page.clean();
    });

    test('Canvas: each call granted and refused, waiting and cancelled', async () => {
      await page.open('#canvas');
      await page.shows(/The answer stands here/);
      await page.axe();
      await page.button('Sign and exchange');
      await page.shows(/Granted: an LTI 2 access token/);
      await page.axe();
      await page.button('Report with it');
      await page.button('Post the report');
      await page.shows(/The report, as Canvas keeps it/);
      await page.axe();
      await press('Canvas JWT');
      await page.button('Create a Canvas JWT');
      await page.shows(/Created: a Canvas JWT/);
      await page.axe();
      await press('InstAccess token');
      await page.button('Create an InstAccess token');
      await page.shows(/Created: an InstAccess token/);
      await page.axe();
      await press('LTI 2 exchange');
      await page.type('Secret', `another secret${KEYS.enter}`);
      await page.shows(/Canvas refused the assertion\s*The signature was made with another secret/);
      await page.axe();
      await choose('#canvas-fault', 'slow');
      await page.button('Sign and exchange');
      await page.shows(/Waiting for school.example/);
      await page.axe();
      await page.button('Cancel');
      await page.shows(/Cancelled/);
      await page.axe();
      await press('A Canvas at a URL');
      await page.axe();
      await page.clean();
    });

    test('LTI 1.3: the whole story by the keyboard, and a refusal', async () => {
      await page.open('#lti13');
      await page.shows(/Choose where to begin/);
      await page.axe();
      await page.button('A teacher adds a quiz, a student takes it');
      const steps = ['Follow the redirect to Canvas', 'Follow the redirect to the institution', 'Post the id_token to the tool'];
      for (const name of [...steps, 'Add a quiz, and send it to Canvas', 'Open the quiz as the student', ...steps, 'Report a score']) {
        await until(() => page.run((text) => document.activeElement.innerText === text, name));
        await page.axe();
        await page.press(KEYS.enter);
      }
      await page.shows(/Canvas has the score: 8 of 10 points/);
      await page.axe();
      await page.clickFound(() => {
        const launch = document.querySelectorAll('.arrow > button')[3];
        launch.scrollIntoView({ block: 'center' });
        return launch;
      });
      await page.shows(/Welcome, Tom Teacher/);
      await page.axe();
      await choose('#lti13-fault', 'noCookie');
      await page.button('A student opens an assignment');
      for (const name of steps) {
        await until(() => page.run((text) => document.activeElement.innerText === text, name));
        await page.press(KEYS.enter);
      }
      await page.shows(/The tool refuses\s*The browser did not bring back the cookie/);
      await page.axe();
      await page.button('Begin again, with nothing wrong');
      await page.shows(/Run to the end/);
      await page.button('Run to the end');
      await page.shows(/Canvas has the score/);
      await page.clean();
    });

    test('twice as large a text, narrow and dark, and nothing is wider than the page', async () => {
      await page.resize(500, 900);
      for (const view of ['#sign', '#lti13', '#canvas']) {
        await page.open(view);
        await page.run(() => {
          document.documentElement.dataset.theme = 'dark';
          document.documentElement.style.fontSize = '200%';
        });
        if (view === '#lti13') {
          await page.button('A student opens an assignment');
          await page.shows(/302/);
        }
        await page.axe();
        assert.equal(await page.run(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, view);
      }
      await page.resize(1280, 900);
    });
  });
}
