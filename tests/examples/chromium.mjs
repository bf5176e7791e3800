// A browser for each file of tests, and a page in it for each test.
import { after } from 'node:test';
import { launchChromium } from '../page/chromium.mjs';

let browser;
after(() => browser?.close());

/** A new page, with storage of its own, which is closed at the end of the test. */
export async function openPage(t) {
  browser ??= await launchChromium();
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}
