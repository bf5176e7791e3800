import * as tokens from 'canvas-lms-tokens';
import * as emulator from 'canvas-lms-tokens/emulator';
import { check } from './check.mjs';

export default {
  async fetch() {
    return Response.json(await check(tokens, emulator));
  },
};
