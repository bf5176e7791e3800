'use client';

import { useEffect } from 'react';

export default function Page() {
  useEffect(() => { import('../../../small.mjs'); }, []);
  return <p>check</p>;
}
