// What a test of a user does, under Vitest; the report goes to the file that the environment names.
import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import * as tokens from 'canvas-lms-tokens';
import * as emulator from 'canvas-lms-tokens/emulator';
import { check } from './check.mjs';

test('check', async () => {
  writeFileSync(process.env.REPORT, JSON.stringify(await check(tokens, emulator)));
}, 60_000);
