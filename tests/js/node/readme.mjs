// The README's examples, each with those that it continues in front.
import { read } from './copies.mjs';

export const readme = read('README.md');

export const blocks = (language) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);

export const CONTINUES = '// Continues the example above.\n';

export const examples = blocks('js').reduce((before, code) =>
  [...before, code.startsWith(CONTINUES) ? before.at(-1) + code : code], []);
