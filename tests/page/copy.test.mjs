// Every copy button of every view copies what it says, over plain http, too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { click, page, verdict } from './harness.mjs';

/** How each view comes to show its copy buttons, and how many there are at least. */
const VIEWS = {
  inspect: [3, async () => {
    await click('Documented assertion');
    await verdict('Canvas will refuse');
  }],
  sign: [5, async () => {
    await page.locator('#made-state').waitFor();
    await page.getByText('Copy or save the key').click();
    await page.getByRole('heading', { name: 'Secret as JWK' }).waitFor();
  }],
  lti13: [2, async () => {
    await click('A student opens an assignment');
    await page.getByRole('button', { name: 'Run to the end' }).waitFor();
  }],
  canvas: [3, async () => {
    await click('Sign and exchange');
    await page.locator('#call-state').filter({ hasText: 'Granted' }).waitFor();
  }],
};

for (const kind of ['the clipboard', 'no clipboard, as over plain http']) {
  for (const [name, [least, reach]] of Object.entries(VIEWS)) {
    test(`${name}: copies with ${kind}`, async () => {
      await page.evaluate((view) => void (location.hash = view), name);
      await page.locator(`${name}-view`).waitFor();
      await reach();
      if (kind !== 'the clipboard') await page.evaluate(() => void (navigator.clipboard.writeText = undefined));
      const buttons = page.locator(`${name}-view copy-button`).filter({ visible: true });
      const count = await buttons.count();
      assert.ok(count >= least, String(count));
      for (let i = 0; i < count; i += 1) {
        const button = buttons.nth(i);
        const expected = await button.evaluate(({ text }) => (typeof text === 'function' ? text() : text));
        await button.getByRole('button').click();
        await page.waitForFunction(async (text) => await navigator.clipboard.readText() === text, expected);
      }
      await page.locator('.notice').getByText('Copied.').waitFor();
      assert.equal(await page.locator('textarea.unseen').count(), 0);
    });
  }
}
