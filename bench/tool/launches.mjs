// In a process of its own, on one core: how long a login and a launch take, by turns with @lti-tool/core. Prints JSON.
import { load } from '../../tests/js/lti13-interop/lti-tool.mjs';
import { servePlatform } from '../../tests/js/tool/machines.mjs';
import { inProcess } from './browser.mjs';
import { make as ours } from './ours.mjs';
import { byTurns } from './turns.mjs';
import { settingsOf } from './settings.mjs';
import { make as theirs } from './theirs.mjs';

const [rounds, batch] = process.argv.slice(2).map(Number);
const platform = await servePlatform();
const settings = settingsOf(platform);
const senders = {
  'canvas-lms-tokens/tool': inProcess(await ours(settings)),
  '@lti-tool/core': inProcess(await theirs({ ...await load(), ...settings })),
};
console.log(JSON.stringify(await byTurns(senders, platform, { rounds, batch })));
await platform.close();
