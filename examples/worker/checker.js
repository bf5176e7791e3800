// What the plagiarism checker does when it has a result: node checker.js '{"assignmentId":25,"submissionId":6,"fileId":71,"originalityScore":25.2}'
import { parse, signJwtSync } from 'canvas-lms-tokens';

const { WORKER_URL = 'http://localhost:8787', CHECKER_SECRET: secret } = process.env;
const exp = Math.floor(Date.now() / 1000) + 60;
const body = signJwtSync({ ...parse(process.argv[2]), aud: 'reports', exp }, { secret, alg: 'HS256' });
const response = await fetch(WORKER_URL, { method: 'POST', body });
console.log(response.status, await response.text());
