// What is in view, at which size; a picture of each view in both schemes, in target/page.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/setup/shell.mjs';
import { click, page, verdict } from './harness.mjs';

const folder = join(root, 'target', 'page');
const axe = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
mkdirSync(folder, { recursive: true });

async function nothingForAxe() {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`)));
  assert.deepEqual(found, []);
}

async function pictures(name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of [[360, 740], [768, 1024], [1440, 900]]) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      await nothingForAxe();
    }
  }
}

const isInView = (locator) => locator.evaluate((element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
});

test('at 1440 × 900 the verdict, the header and the claims are in view', async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  for (const part of ['token-verdict', 'claims-table >> nth=0', 'claims-table >> nth=1']) assert.ok(await isInView(page.locator(part)), part);
  assert.equal(await page.evaluate(() => scrollY), 0);
});

test('on a phone the verdict comes into view by itself', async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await click('Documented assertion');
  await verdict('Canvas will refuse');
  await page.waitForFunction(() => scrollY > 0);
  assert.ok(await isInView(page.locator('#verdict-title')));
  assert.ok(await isInView(page.locator('token-verdict .reason')));
  // Right below the header, and there it stays, whatever the pointer comes to stand on.
  const top = () => page.locator('token-verdict').evaluate((element) => element.getBoundingClientRect().top);
  const bar = await page.locator('.bar').evaluate(({ offsetHeight }) => offsetHeight);
  assert.ok(await top() >= bar && await top() < bar + 24, String(await top()));
  const before = await top();
  await page.locator('claims-table tbody tr').first().hover();
  await page.locator('claims-table tr[data-marked]').waitFor();
  assert.equal(await top(), before);
});

test('from 320 to 2560 pixels nothing is wider than the screen', async () => {
  await click('A launch (LTI 1.3)');
  await verdict('is good');
  for (const width of [320, 360, 768, 1024, 1440, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    const [row, table] = await page.evaluate(() => ['tbody tr', 'table'].map((part) => document.querySelector(`claims-table ${part}`).offsetWidth));
    assert.equal(row, table);
  }
});

/** The other views, as they are first seen. */
for (const view of ['sign', 'lti13', 'canvas']) {
  test(`${view}: a picture at each size in both schemes, and nothing for axe to find`, async () => {
    await page.evaluate((name) => void (location.hash = name), view);
    await page.locator(`${view}-view`).waitFor();
    await page.waitForLoadState('networkidle');
    await pictures(view);
  });
}

const STATES = {
  empty: async () => page.getByText('Or try a sample').waitFor(),
  refused: async () => {
    await click('Documented assertion');
    await verdict('Canvas will refuse');
  },
  launch: async () => {
    await click('A launch (LTI 1.3)');
    await verdict('is good');
  },
  broken: async () => {
    await click('A broken one');
    await verdict('will refuse');
  },
};

for (const [state, reach] of Object.entries(STATES)) {
  test(`Inspect, ${state}: a picture at each size in both schemes, and nothing for axe to find`, async () => {
    await reach();
    await pictures(`inspect-${state}`);
  });
}
