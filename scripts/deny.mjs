// npm test -- deny: the licences, doubles and sources of all dependencies; and their security advisories, where the database
// of those can be reached.
import { exitWith, run, say } from './setup/shell.mjs';
import { installTools, wasmEnv } from './setup/tools.mjs';

const deny = (args, options) => run('cargo-deny', args, { env: wasmEnv(), ...options });

await exitWith(() => {
  installTools(['cargo-deny']);
  deny(['check', 'bans', 'licenses', 'sources']);
  say('fetching the database of advisories (given up after a minute)');
  try {
    deny(['fetch', 'db'], { timeout: 60_000 });
  } catch {
    console.log('the database of advisories cannot be reached: they were NOT checked');
    return;
  }
  deny(['check', 'advisories']);
});
