import { SignJWT } from 'jose';

const [secret, claims] = process.argv.slice(2);
const signing = new SignJWT(JSON.parse(claims)).setProtectedHeader({ alg: 'HS256', typ: 'JWT' });
console.log(await signing.sign(new TextEncoder().encode(secret)));
