import { signAssertion } from 'canvas-lms-tokens';

const [secret, claims] = process.argv.slice(2);
console.log(signAssertion(JSON.parse(claims), secret));
