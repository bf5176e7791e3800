// The texts of the view Canvas.
export const canvas = {
  lead: 'Ask Canvas for its tokens, and see every request and answer.',
  calls: { exchange: 'LTI 2 exchange', report: 'Originality report', jwt: 'Canvas JWT', instAccess: 'InstAccess token' }, what: 'What to ask for',
  about: {
    exchange: 'Canvas takes an assertion once, and gives an LTI 2 access token of one hour for it.',
    report: 'With its LTI 2 access token, a tool says how original a submitted file is.',
    jwt: "With a person's access token: a token of an hour for Instructure's services.",
    instAccess: "With a person's access token: a token of an hour for Instructure's API gateway.",
  },
  server: {
    by: 'Answered by', kinds: { emulator: 'The emulator in this page', server: 'A Canvas at a URL' },
    base: 'Base URL', baseHint: 'Nothing is sent before you press a button. Canvas lets no page read its answers (CORS): the page then gives you the same as a curl command. The emulator that npm start runs lets every page.',
    fault: 'What goes wrong',
    faults: {
      none: 'Nothing', slow: 'Canvas takes four seconds', throttle: 'Canvas throttles (429)', down: 'Canvas is down (503)', drop: 'The connection drops',
    },
  },
  who: 'Who asks', callers: { toolProxy: 'Tool proxy', developerKey: 'Developer key with registration code', refused: 'An assertion that is refused', own: 'An assertion of my own' },
  sub: 'Tool proxy guid, developer key id or registration key (sub)', secret: 'Secret', secretToMend: 'Secret, to sign it again',
  code: 'Registration code (reg_key), for a developer key', url: 'Access token URL', urlHint: 'The assertion’s aud must be the same, letter by letter.',
  assertion: 'Assertion', exchange: 'Exchange', signAndExchange: 'Sign and exchange',
  token: 'LTI 2 access token', assignment: 'Assignment id', submission: 'Submission id', file: 'File id', score: 'Score, 0 to 100', reportId: 'Report id',
  reportIdHint: 'Filled in by posting. When empty, the report is read by its file.', post: 'Post the report', readBack: 'Read it back',
  bearer: "A person's access token", workflows: 'Workflows, optional', workflowsHint: 'Such as rich_content or ui, which need a context.',
  context: 'Context', contexts: { '': 'None', Course: 'Course', User: 'User', Account: 'Account' }, contextId: 'Context id',
  audience: 'For Instructure’s services: encrypted', audienceHint: 'Otherwise it is only signed, and others can read and verify it.',
  create: { jwt: 'Create a Canvas JWT', instAccess: 'Create an InstAccess token' }, jwt: 'Canvas JWT to refresh', refresh: 'Refresh it',

  empty: { title: 'The answer stands here', text: 'With each request as it went over the wire, its secrets masked; and where it is refused, why.' },
  busy: (host) => `Waiting for ${host}.`, tries: (count) => `Try ${count}.`, cancel: 'Cancel', cancelled: 'Cancelled. Whether Canvas has carried it out is not known.', again: 'Try again',
  done: { 'lti2-access-token': 'Granted: an LTI 2 access token', 'canvas-jwt': 'Created: a Canvas JWT', 'inst-access-token': 'Created: an InstAccess token', report: 'The report, as Canvas keeps it' },
  readable: 'What it says can be read, but only Canvas can verify it.', encrypted: 'It is encrypted: its claims cannot be read without the key.',
  result: 'Token', inspect: 'Inspect it', inspectRefused: 'Inspect it', report: 'Report with it', mendAndAsk: (label) => `${label}, and exchange`,
  exchangeAgain: (host) => `Exchange it at ${host}`, expires: 'Expires',
  own: 'Canvas’s own words: ', ownHint: 'A real Canvas keeps them in its log.', curl: 'The same from a terminal', curlToken: 'Put the access token into ACCESS_TOKEN first.',

  reasons: {
    refused: {
      exchange: 'Canvas refused the assertion', report: 'Canvas refused the report', readReport: 'Canvas did not give the report', jwt: 'Canvas created no JWT',
      refresh: 'Canvas did not refresh the JWT', instAccess: 'Canvas created no InstAccess token', other: 'Canvas refused',
    },
    notSent: 'Nothing was sent', noAnswer: 'There was no answer', down: (status) => `Canvas is not well: ${status}`,
    cors: (host) => `Either ${host} cannot be reached, or it does not let this page read its answers: Canvas sends no CORS headers here. Nothing is wrong with the token because of that. Send the same from a terminal, or through a proxy of your own:`,
    plainHttp: (host) => `${host} is asked by plain http, which this page may do on this machine alone. Take the https address; or send the same from a terminal:`,
    dropped: 'The connection was lost before Canvas answered. The page tried it three times.', timeout: 'Canvas took too long to answer.',
    fields: {
      'options.accessToken': 'The access token', 'options.baseUrl': 'The base URL', 'report.originalityScore': 'The score', 'request.url': 'The access token URL',
      'request.assertion': 'The assertion', 'claims.aud': 'The access token URL', 'claims.sub': 'The sub', secret: 'The secret', jwt: 'The Canvas JWT',
      'params.contextId': 'The context id', 'path.assignmentId': 'The assignment id', 'path.submissionId': 'The submission id', 'path.fileId': 'The file id',
      'path.reportId': 'The report id', 'report.fileId': 'The file id',
    },
    // What Canvas says to itself, what that means, and what to do.
    known: [
      [/VerificationFailed/, 'The signature was made with another secret than the one that Canvas keeps for this sub.', 'Check the secret: a space or line break at its end, another environment, or a shared secret that has been changed since. Check that sub is the tool that the secret belongs to.'],
      [/either the tool proxy or developer key were not found/, 'Canvas knows no tool with this sub.', 'Take the guid of a tool proxy, the global id of a developer key, or, within an hour of registering, the registration key.'],
      [/MissingAuthorizationCode/, 'The sub is a developer key, and the registration code is missing.', 'Send the registration key (reg_key) as code.'],
      [/'jti' is invalid/, 'Canvas has seen this assertion before, or its times do not fit: it takes each jti once.', 'Sign a new one for each exchange.'],
      [/'aud' is invalid|'aud' must be/, 'The aud is another URL than the one that the assertion was sent to.', 'Make aud the access token URL, letter by letter.'],
      [/has expired/, 'The assertion has expired.', 'Sign a new one just before sending it.'],
      [/assertion is missing/, 'There is no assertion in the request.', 'Paste one, or let the page sign one.'],
      [/not active/, 'The developer key is turned off.', 'Turn it on in Canvas, under Developer Keys.'],
      [/split secret/, 'The tool proxy was registered without a split secret, so that Canvas cannot verify its assertions.', 'Register the tool with the capability Security.splitSecret.'],
      [/no such access token/, 'Canvas knows no such access token: it is mistyped, revoked, or of another Canvas.', 'Make a new one in Canvas, under Account, Settings.'],
      [/InvalidFormat|InvalidToken|JSON::ParserError/, 'Canvas cannot read this as a token.', 'Look at it in Inspect: something was cut off, or added.'],
      [/UnexpectedAlgorithm/, 'The token is signed with an algorithm that Canvas does not take here.', 'Sign it with HS256.'],
    ],
    byCode: {
      ERR_THROTTLED: 'Canvas has had too many requests from this client, and asks to wait. The page tried it three times.',
      ERR_UNAUTHENTICATED: 'Canvas does not take the access token: it is missing, mistyped, expired, or of another Canvas.',
      ERR_FORBIDDEN: 'Canvas knows the access token, but what it belongs to may not do this.',
    },
  },
};
