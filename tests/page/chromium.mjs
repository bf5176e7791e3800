// The system's Chromium, without what it does in the background.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { which } from '../../scripts/setup/shell.mjs';

const BROWSER = process.env.CHROMIUM ?? which(['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']);
const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-first-run',
];

export async function launchChromium() {
  assert.ok(BROWSER, 'no Chromium on PATH: node scripts/setup.mjs test');
  return chromium.launch({ executablePath: BROWSER, args: ARGS });
}
