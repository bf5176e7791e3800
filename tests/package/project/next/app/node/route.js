import * as tokens from 'canvas-lms-tokens';
import * as emulator from 'canvas-lms-tokens/emulator';
import { check } from '../../../check.mjs';

export const dynamic = 'force-dynamic';

export async function GET() {
  return Response.json(await check(tokens, emulator));
}
