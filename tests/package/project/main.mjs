import * as tokens from 'canvas-lms-tokens';
import * as emulator from 'canvas-lms-tokens/emulator';
import { check } from './check.mjs';

console.log(JSON.stringify(await check(tokens, emulator)));
