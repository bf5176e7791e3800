// What claims, header parameters and well-known values mean: a line each, and its source.
const JWT = (section) => `RFC 7519 §4.1.${section}`;
const JWS = (section) => `RFC 7515 §4.1.${section}`;
const JWE = (section) => `RFC 7516 §4.1.${section}`;
const OIDC = 'OpenID Connect Core §5.1';
const LTI = 'LTI 1.3 Core';
const DL = 'LTI Deep Linking 2.0';
const AGS = 'LTI Assignment and Grade Services 2.0';
const CANVAS = 'Canvas';

const meanings = {
  iss: ['Who issued the token.', JWT(1)],
  sub: ['Whom the token is about.', JWT(2)],
  aud: ['Whom the token is for.', JWT(3)],
  exp: ['When it expires.', JWT(4)],
  nbf: ['Before this time it is not valid.', JWT(5)],
  iat: ['When it was issued.', JWT(6)],
  jti: ['The token’s own id; Canvas takes one only once.', JWT(7)],
  nonce: ['Ties the launch to one login of this browser.', 'OpenID Connect Core §2'],
  azp: ['The party that the token was issued to.', 'OpenID Connect Core §2'],
  at_hash: ['A hash of the access token.', 'OpenID Connect Core §3.1.3.6'],
  name: ['The user’s full name.', OIDC], given_name: ['The user’s given name.', OIDC], family_name: ['The user’s family name.', OIDC],
  email: ['The user’s address.', OIDC], picture: ['A picture of the user.', OIDC], locale: ['The user’s language.', OIDC],
  scope: ['What the bearer may do.', 'RFC 8693 §4.2'], scopes: ['What the bearer may do.', CANVAS],
  reg_key: ['The registration code that the assertion was exchanged with.', CANVAS],
  shard_id: ['The shard, the part of Canvas’s data, that ids belong to.', CANVAS],
  masquerader: ['Who acts as this user.', CANVAS], masq_sub: ['Who acts as this user.', CANVAS], masq_shard: ['The shard of who acts as this user.', CANVAS],
  domain: ['The institution’s host.', CANVAS], context_type: ['Whether course, user or account.', CANVAS],
  context_id: ['The id of that course, user or account.', CANVAS], context_uuid: ['The UUID of that course, user or account.', CANVAS],
  workflows: ['What the token may be used for.', CANVAS], canvas_user: ['The user, as Canvas knows them.', CANVAS],
  user_uuid: ['The user’s UUID.', CANVAS], canvas_sub_uuid: ['The user’s UUID.', CANVAS], user_global_id: ['The user’s id in all of Canvas.', CANVAS],
  root_account_uuid: ['The institution’s UUID.', CANVAS], root_account_id: ['The institution’s id.', CANVAS], account_uuid: ['The account’s UUID.', CANVAS],
  region: ['Where the institution’s data is.', CANVAS], debug_masq_global_id: ['Who acts as this user.', CANVAS],
  lti_message_hint: ['What the launch is about, signed by Canvas for itself.', CANVAS], verifier: ['Where Canvas keeps the launch for five minutes.', CANVAS],
  canvas_domain: ['The institution’s host.', CANVAS], tool_client_id: ['The developer key’s id.', CANVAS],
  [`https://purl.imsglobal.org/spec/lti/claim/message_type`]: ['What kind of message it is.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/version': ['The version of LTI, 1.3.0.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/deployment_id': ['Which installation of the tool it is.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': ['Where the user wants to go.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/resource_link': ['The link that was opened.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/roles': ['What the user is, in the course and beyond it.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/context': ['The course, group or account.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/tool_platform': ['The institution’s platform.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor': ['Whom the user mentors.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/launch_presentation': ['How the tool is shown, and where it returns to.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/lis': ['Ids of the institution’s student information system.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/custom': ['Custom fields of the tool’s registration, filled in.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id': ['The user’s id in LTI 1.1.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/lti1p1': ['Ids of LTI 1.1, for migration.', LTI],
  'https://purl.imsglobal.org/spec/lti/claim/eulaservice': ['Where the tool says that its terms were accepted.', 'LTI EULA Service'],
  'https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice': ['Where the tool subscribes to notices.', 'LTI Platform Notification Service'],
  'https://purl.imsglobal.org/spec/lti/claim/notice': ['What happened.', 'LTI Platform Notification Service'],
  'https://purl.imsglobal.org/spec/lti/claim/activity': ['The activity that it is about.', 'LTI Asset Processor'],
  'https://purl.imsglobal.org/spec/lti/claim/submission': ['The submission that it is about.', 'LTI Asset Processor'],
  'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': ['Where grades are sent, and what the tool may do there.', AGS],
  'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': ['Where the members of the course are listed.', 'LTI Names and Role Provisioning 2.0'],
  'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': ['What may be picked, and where the answer goes.', DL],
  'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': ['What was picked.', DL],
  'https://purl.imsglobal.org/spec/lti-dl/claim/data': ['What the platform wants back unchanged.', DL],
  'https://purl.imsglobal.org/spec/lti-dl/claim/msg': ['What the user is told.', DL],
  'https://purl.imsglobal.org/spec/lti-dl/claim/log': ['What goes into the log.', DL],
  'https://purl.imsglobal.org/spec/lti-dl/claim/errormsg': ['What went wrong, for the user.', DL],
  'https://purl.imsglobal.org/spec/lti-dl/claim/errorlog': ['What went wrong, for the log.', DL],
  'https://www.instructure.com/placement': ['Where in Canvas the tool was opened.', CANVAS],
  'https://www.instructure.com/lti_student_id': ['The student whose card the tool was opened from.', CANVAS],
};

const header = {
  alg: ['The algorithm that signs, or that encrypts the key.', JWS(1)],
  enc: ['The algorithm that encrypts the content.', JWE(2)],
  typ: ['What the token is.', JWS(9)],
  cty: ['What is inside; JWT for a token in a token.', JWS(10)],
  kid: ['Which key of a set it is.', JWS(4)],
  jku: ['Where the signer’s keys are; a reader must not follow it blindly.', JWS(2)],
  jwk: ['The signer’s key; a reader must not trust it.', JWS(3)],
  x5u: ['Where the signer’s certificate is.', JWS(5)], x5c: ['The signer’s certificates.', JWS(6)],
  x5t: ['A hash of the certificate.', JWS(7)], 'x5t#S256': ['A hash of the certificate.', JWS(8)],
  crit: ['Parameters that a reader must understand.', JWS(11)],
  zip: ['How the content was compressed.', JWE(3)], b64: ['Whether the payload is in base64url.', 'RFC 7797 §3'],
  epk: ['The sender’s one-time public key.', 'RFC 7518 §4.6.1.1'], apu: ['The sender, for the key agreement.', 'RFC 7518 §4.6.1.2'],
  apv: ['The recipient, for the key agreement.', 'RFC 7518 §4.6.1.3'], iv: ['The initialization vector of the key’s encryption.', 'RFC 7518 §4.7.1.1'],
  tag: ['The authentication tag of the key’s encryption.', 'RFC 7518 §4.7.1.2'],
};

/** In some kinds of token a claim means more than in others. */
const byKind = {
  'lti2-assertion': {
    sub: ['A developer key’s global id, a tool proxy’s guid, or a registration key.', 'Canvas: JWT access tokens'],
    aud: ['The address it is sent to, letter by letter.', 'Canvas: JWT access tokens'],
    exp: ['When it expires; older Canvas takes a minute at most.', 'Canvas: JWT access tokens'],
  },
  'lti2-access-token': {
    sub: ['The developer key’s id, or the tool proxy’s guid.', CANVAS], aud: ['The Canvas host that issued it.', CANVAS],
    iss: ['Canvas itself.', CANVAS],
  },
  'canvas-jwt': { sub: ['The user’s global id.', CANVAS], aud: ['Whom it is for, Canvas among them.', CANVAS] },
  'inst-access-token': { sub: ['The user’s UUID.', CANVAS] },
  'lti13-id-token': {
    iss: ['The platform. Canvas’s is the same for every institution of an environment.', LTI], sub: ['The user’s LTI id.', LTI],
    aud: ['The tool’s client id, the developer key’s.', LTI],
  },
  'lti13-client-assertion': {
    iss: ['The tool’s client id.', 'RFC 7523 §3'], sub: ['The tool’s client id.', 'RFC 7523 §3'],
    aud: ['The token endpoint, or its issuer.', 'RFC 7523 §3'],
  },
  'lti13-deep-linking-response': { iss: ['The tool’s client id.', DL], aud: ['The platform’s issuer.', DL] },
};

/** Values that stand for something. */
const values = {
  'https://canvas.instructure.com': 'Canvas, production: every institution of Instructure’s cloud',
  'https://canvas.beta.instructure.com': 'Canvas, beta environment',
  'https://canvas.test.instructure.com': 'Canvas, test environment',
  Canvas: 'Canvas itself',
  'instructure:inst_access': 'Instructure’s InstAccess',
  LtiResourceLinkRequest: 'Opens a link of a course', LtiDeepLinkingRequest: 'Asks the tool to pick content',
  LtiDeepLinkingResponse: 'Brings back what was picked', LtiEulaRequest: 'Asks the user to accept the tool’s terms',
  LtiAssetProcessorSettingsRequest: 'Opens the settings of an asset processor', LtiReportReviewRequest: 'Opens a report for review',
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem': 'Read and change line items',
  'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly': 'Read line items',
  'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly': 'Read results',
  'https://purl.imsglobal.org/spec/lti-ags/scope/score': 'Send scores',
  'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly': 'List the members of a course',
  'https://purl.imsglobal.org/spec/lti/scope/noticehandlers': 'Subscribe to notices',
  'https://purl.imsglobal.org/spec/lti/scope/asset.readonly': 'Read submitted files',
  'https://purl.imsglobal.org/spec/lti/scope/report': 'Send reports on submitted files',
  'https://purl.imsglobal.org/spec/lti/scope/eula/user': 'Say who accepted the terms',
  'http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering': 'A course that is held',
  'http://purl.imsglobal.org/vocab/lis/v2/course#CourseTemplate': 'A template of courses',
  'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection': 'A section of a course',
  'http://purl.imsglobal.org/vocab/lis/v2/course#Group': 'A group of a course',
};

export const claims = {
  meanings, header, byKind, values,
  roles: {
    membership: (role) => `${role}, in this course or account`,
    institution: (role) => `${role}, at the institution`,
    system: (role) => `${role}, of the platform`,
    of: (role, principal) => `${role} (${principal})`,
  },
};
