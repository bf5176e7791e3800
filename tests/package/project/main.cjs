const tokens = require('canvas-lms-tokens');
const emulator = require('canvas-lms-tokens/emulator');

import('./check.mjs').then(async ({ check }) => console.log(JSON.stringify(await check(tokens, emulator))));
