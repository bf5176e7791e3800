// examples/vitest: its tests pass, and find the mistakes of a tool that has some.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeRecipe } from './recipe.mjs';

/** {name of a test: [what is right, what it is to find]} */
const MISTAKES = {
  'a student who opens it is present': ['scoreGiven: 1', 'scoreGiven: 0'],
  'a teacher is not graded': ['!launch.isLearner || ', ''],
  'a launch counts in the browser that began it, and once': ['cookie, claimNonce, fetch', 'cookie, fetch'],
};

let recipe, count;
before(async () => {
  recipe = await makeRecipe('vitest');
  count = readFileSync(join(recipe.folder, 'tool.test.js'), 'utf8').match(/^test\(/gm).length;
});
after(() => recipe?.remove());

test('all of its tests pass', async () => {
  assert.match(await recipe.run('test'), new RegExp(`Tests\\s+${count} passed \\(${count}\\)`));
});

test('they find mistakes', async () => {
  const file = join(recipe.folder, 'tool.js');
  let tool = readFileSync(file, 'utf8');
  for (const [right, wrong] of Object.values(MISTAKES)) {
    assert.ok(tool.includes(right));
    tool = tool.replace(right, wrong);
  }
  writeFileSync(file, tool);
  const { message } = await recipe.run('test').then(() => assert.fail('all tests pass'), (error) => error);
  const failed = [...message.matchAll(/FAIL +tool\.test\.js > (.*)$/gm)].map(([, name]) => name);
  assert.deepEqual(failed, Object.keys(MISTAKES));
});
