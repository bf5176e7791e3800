// npm start: makes ready, builds, serves the demo page, and opens it where there is a browser.
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { serveAll } from './serve.mjs';
import { exitWith } from './setup/shell.mjs';
import { setup } from './setup.mjs';
import { buildPage } from './www.mjs';

const PORT = Number(process.env.PORT || 8930);

await exitWith(async () => {
  setup('build');
  await build();
  await buildPage();
  const { demo, lines } = await serveAll(PORT);
  console.log(['', ...lines, 'Ctrl+C ends it.'].join('\n'));
  open(`${demo.url}/`);
});

function open(url) {
  if (process.env.CI || process.env.NO_OPEN) return;
  const [command, ...args] = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  }[process.platform] ?? ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // Without a browser the printed address is enough.
  child.on('error', () => {});
  child.unref();
}
