// Logins, launches and the tool's public keys: /lti/login, /lti/launch, /lti/jwks.
import { tool } from '../../../lib/tool';

const handle = (request: Request) => tool().fetch(request);
export { handle as GET, handle as POST };
