// What a student does with the tools that have a page to read: opens it on Canvas's page, says so, and has a point.
import assert from 'node:assert/strict';
import { openPage } from './chromium.mjs';

export const ASSIGNMENT = 26;

/** In a browser of its own; resolves when the point is in the gradebook. */
export async function readsThePage(t, canvas) {
  canvas.emulator.records.results.clear();
  const page = await openPage(t);
  await page.goto(`${canvas.url}/courses/1/assignments/${ASSIGNMENT}`);
  await page.getByRole('button', { name: 'Sue Student' }).click();
  const frame = page.frameLocator('#tool_content');
  await frame.getByRole('heading', { name: 'Welcome, Sue Student' }).waitFor();
  await frame.getByRole('button', { name: 'I have read it' }).click();
  await frame.getByRole('heading', { name: 'The point is in the gradebook' }).waitFor();
  const results = [...canvas.emulator.records.results.values()];
  assert.deepEqual(results.map(({ resultScore, userId }) => [resultScore, userId]), [[1, 3]]);
}
