// Originality report: what a tool's access token is for. Posted, and read back.
import { defaultSeeds } from '../package.js';
import { serverChoice } from '../fields/server.js';
import { callingIn } from '../show/calling.js';
import { byId } from '../show/element.js';
import { members } from '../show/members.js';
import { resultOf } from '../show/result.js';

const { submissions: [submission] } = defaultSeeds;
const DEFAULTS = {
  assignment: submission.assignmentId, submission: submission.id, file: submission.attachments[0].id, score: 12.5, id: '',
};

export function startReport() {
  const form = byId('report-form');
  const result = resultOf('report');
  const calling = callingIn(result);
  const server = serverChoice('report');
  const token = byId('report-token');
  const fields = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, byId(`report-${name}`)]));
  for (const [name, value] of Object.entries(DEFAULTS)) fields[name].value = value;

  const read = (name) => fields[name].value.trim();
  const canvas = () => server.canvas(token.value.trim());
  const path = () => ({ assignmentId: read('assignment'), submissionId: read('submission') });

  async function post() {
    const report = {
      ...(read('file') && { fileId: read('file') }),
      ...(read('score') && { originalityScore: Number(read('score')) }),
    };
    return canvas().createOriginalityReport(path(), report);
  }

  async function readBack() {
    if (read('id')) return canvas().originalityReport({ ...path(), reportId: read('id') });
    return canvas().originalityReport({ assignmentId: read('assignment'), fileId: read('file') });
  }

  const show = (line) => (report) => {
    fields.id.value = String(report.id);
    result.answer(line, members('Originality report', report));
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    calling(post, show('Posted.'));
  });
  byId('report-read').addEventListener('click', () => calling(readBack, show('Read back.')));

  return {
    /** Takes an access token, and where it is from. */
    take({ token: accessToken, isServer, base }) {
      token.value = accessToken;
      server.choose(isServer, base);
      result.clear();
    },
  };
}
