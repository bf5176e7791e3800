// Pages under a Content-Security-Policy: what they have to allow, and what they get when they do not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { files, serve } from '../../scripts/serve.mjs';
import { closeBrowsers, visit } from './browsers.mjs';
import { writePage } from './bundlers.mjs';
import { NAME, makeProject } from './project.mjs';

let project;
before(async () => {
  project = await makeProject();
  writePage(project.folder, 'policy.html', { script: '/policy.mjs', type: 'module' });
});
after(async () => {
  await closeBrowsers();
  project?.remove();
});

/** What the page reports that imports this entry, where every answer of the server carries the policy. */
async function under(policy, browser, entry) {
  const answer = files({ '/': project.folder });
  const server = await serve({
    handler: async (request) => {
      const response = await answer(request);
      response.headers.set('Content-Security-Policy', policy);
      return response;
    },
  });
  try {
    const { report } = await visit(browser, `${server.url}/policy.html?entry=/node_modules/${NAME}/${entry}`);
    return report;
  } finally {
    await server.close();
  }
}

const ALLOWED = "script-src 'self' 'wasm-unsafe-eval'";
const NOT_ALLOWED = "script-src 'self'";
const WEBKIT = { skip: process.platform === 'linux' ? false : 'WebKitGTK is for Linux' };

for (const [browser, options] of Object.entries({ chromium: {}, firefox: {}, webkit: WEBKIT })) {
  for (const entry of ['index.js', 'slim.js']) {
    test(`${entry} in ${browser} under ${ALLOWED}`, options, async () => {
      assert.match((await under(ALLOWED, browser, entry)).unwrapped, /^eyJ/);
    });

    test(`${entry} in ${browser} under ${NOT_ALLOWED}`, options, async () => {
      const { refused } = await under(NOT_ALLOWED, browser, entry);
      assert.equal(refused?.name, 'CompileError');
      assert.match(refused.message, /Content Security Policy|CSP/i);
    });
  }
}

test('the README says so', () => {
  const readme = readFileSync(join(project.installed, 'README.md'), 'utf8');
  const [line] = readme.match(/^.*Content-Security-Policy.*$/m);
  for (const word of ['script-src', "'wasm-unsafe-eval'", 'CompileError']) assert.ok(line.includes(word), word);
});
