// Each recipe has a row in the README and a test, and its lock file is of its package.json and of this package.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/setup/shell.mjs';
import { NAME } from '../package/project.mjs';

const read = (...path) => readFileSync(join(root, ...path), 'utf8');
const names = readdirSync(join(root, 'examples'));
const { version, dependencies, bin, engines, license } = JSON.parse(read('pkg', 'package.json'));

test('the README has a row for each, and no other', () => {
  const rows = [...read('README.md').matchAll(/^\| \[[^\]]+\]\(examples\/([\w-]+)\/README\.md\) \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows.sort(), names.sort());
});

for (const name of names) {
  test(`${name}: a test runs it`, () => {
    assert.ok(existsSync(join(root, 'tests', 'examples', `${name}.test.mjs`)));
  });

  test(`${name}: what its README makes is not for git`, () => {
    const ignored = read('examples', name, '.gitignore').trimEnd().split('\n');
    const made = [...read('examples', name, 'README.md').matchAll(/^.* (key\.json|\.env)$/gm)].map(([, file]) => file);
    assert.deepEqual(made.filter((file) => !ignored.includes(file)), []);
  });

  if (!existsSync(join(root, 'examples', name, 'package.json'))) continue;
  test(`${name}: its lock file is of its package.json, and of this package`, () => {
    const manifest = JSON.parse(read('examples', name, 'package.json'));
    const { packages } = JSON.parse(read('examples', name, 'package-lock.json'));
    for (const kind of ['dependencies', 'devDependencies']) assert.deepEqual(packages[''][kind], manifest[kind], kind);
    const { dev, ...locked } = packages[`node_modules/${NAME}`];
    assert.deepEqual(locked, { version, license, dependencies, bin, engines });
    for (const [path, { resolved, integrity }] of Object.entries(packages)) {
      assert.equal(resolved, undefined, `${path}: of whatever registry is used`);
      if (path !== '' && path !== `node_modules/${NAME}`) assert.match(integrity, /^sha512-/, path);
    }
  });
}
