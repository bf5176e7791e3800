// Where the suite runs, started as the tests of the package start it: {name: length → {runtime, operations}}.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { files, serve } from '../scripts/serve.mjs';
import { capture, root } from '../scripts/setup/shell.mjs';
import { start } from '../tests/js/interop/webdriver.mjs';
import { startWorkerd } from '../tests/package/runtimes.mjs';
import { program } from '../tests/package/tools.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

export const runtimes = {
  node: (length) => output(process.execPath, [file('main.mjs'), length]),
  deno: (length) => inFolder((folder) => {
    const env = { ...process.env, DENO_DIR: folder, DENO_NO_UPDATE_CHECK: '1' };
    return output(program('deno'), ['run', '--allow-all', '--no-lock', file('main.mjs'), length], env);
  }),
  bun: (length) => output(program('bun', 'bin'), [file('main.mjs'), length]),
  workerd,
  chromium: (length) => page('chromium', length),
  firefox: (length) => page('firefox', length),
};

/** What a program prints, as JSON; its progress goes to ours. */
export async function output(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new Error(`${signal ?? code}: ${command} ${args.join(' ')}`);
  return JSON.parse(printed);
}

async function inFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs one operation after the other, where each is asked for. */
async function oneByOne(runtime, names, run) {
  const operations = [];
  for (const name of names) {
    console.error(`  ${name}`);
    operations.push(await run(name));
  }
  return { runtime, operations };
}

function workerd(length) {
  return inFolder(async (folder) => {
    const { url, end } = await startWorkerd(file('worker.mjs'), folder);
    const ask = async (query) => {
      const answer = await (await fetch(`${url}?${new URLSearchParams(query)}`)).json();
      if (answer.error) throw new Error(answer.error);
      return answer;
    };
    try {
      const runtime = capture(program('workerd', 'bin'), ['--version']);
      return await oneByOne(runtime, await ask({ length }), (name) => ask({ length, name }));
    } finally {
      await end();
    }
  });
}

function page(name, length) {
  return inFolder(async (folder) => {
    const esbuild = await import('esbuild');
    await esbuild.build({
      entryPoints: [file('page.mjs')], outfile: join(folder, 'page.js'), bundle: true, format: 'esm', logLevel: 'error',
    });
    const html = '<!doctype html><title>bench</title><script type="module" src="page.js"></script>';
    writeFileSync(join(folder, 'index.html'), html);
    const server = await serve({ handler: isolated(files({ '/': folder })) });
    let browser;
    try {
      browser = await start(name);
      await browser.goto(`${server.url}/`);
      const names = JSON.parse(await browser.run((given) => window.bench.open(given), length));
      const agent = await browser.run(() => navigator.userAgent);
      const [runtime] = /(Firefox|Chrome)\/[\d.]+/.exec(agent);
      return await oneByOne(runtime.replace('/', ' '), names, async (one) =>
        JSON.parse(await browser.run((given) => window.bench.run(given), one)));
    } finally {
      await browser?.close();
      await server.close();
    }
  });
}

/** A page that shares nothing with others has a finer clock. */
const isolated = (handler) => async (request) => {
  const response = await handler(request);
  response.headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  response.headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return response;
};
