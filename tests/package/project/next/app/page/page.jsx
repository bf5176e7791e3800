'use client';

import * as tokens from 'canvas-lms-tokens';
import * as emulator from 'canvas-lms-tokens/emulator';
import { useEffect } from 'react';
import { check } from '../../../check.mjs';

export default function Page() {
  useEffect(() => {
    check(tokens, emulator).then((report) => { globalThis.report = report; });
  }, []);
  return <p>check</p>;
}
