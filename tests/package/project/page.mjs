import * as tokens from 'canvas-lms-tokens';
import * as emulator from 'canvas-lms-tokens/emulator';
import { check } from './check.mjs';

check(tokens, emulator).then((report) => { globalThis.report = report; });
