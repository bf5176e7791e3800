// Either of them as a Worker.
import { LTITool } from '@lti-tool/core';
import { make as ours } from './ours.mjs';
import { make as theirs } from './theirs.mjs';

let tool;
export default {
  async fetch(request, { SETTINGS }) {
    const { which, ...settings } = JSON.parse(SETTINGS);
    tool ??= await (which === 'ours' ? ours(settings) : theirs({ LTITool, ...settings }));
    return tool.fetch(request);
  },
};
