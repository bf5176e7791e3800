import * as tokens from 'canvas-lms-tokens';

globalThis.tokens = tokens;
