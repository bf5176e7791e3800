// What Canvas asks of a registration, and which placements and extensions it knows.

const CANVAS = 'https://canvas.instructure.com/lti';
export const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

const RESOURCE_LINK = [
  'account_navigation', 'analytics_hub', 'assignment_edit', 'assignment_group_menu', 'assignment_index_menu',
  'assignment_menu', 'assignment_selection', 'assignment_view', 'collaboration', 'conference_selection',
  'course_assignments_menu', 'course_home_sub_navigation', 'course_navigation', 'course_settings_sub_navigation',
  'discussion_topic_index_menu', 'discussion_topic_menu', 'file_index_menu', 'file_menu', 'global_navigation',
  'homework_submission', 'link_selection', 'migration_selection', 'module_group_menu', 'module_index_menu',
  'module_index_menu_modal', 'module_menu_modal', 'module_menu', 'post_grades', 'quiz_index_menu', 'quiz_menu',
  'resource_selection', 'similarity_detection', 'student_context_card', 'submission_type_selection', 'tool_configuration',
  'top_navigation', 'user_navigation', 'wiki_index_menu', 'wiki_page_menu',
];
const DEEP_LINKING = [
  'assignment_selection', 'ActivityAssetProcessor', 'ActivityAssetProcessorContribution', 'collaboration',
  'conference_selection', 'course_assignments_menu', 'editor_button', 'homework_submission', 'link_selection',
  'migration_selection', 'module_index_menu_modal', 'module_menu_modal', 'resource_selection', 'submission_type_selection',
];
const PLACEMENTS = [...new Set([...RESOURCE_LINK, ...DEEP_LINKING])];
/** Those of the specification, which have no prefix, and Canvas's names for them. */
const STANDARD = { ContentArea: 'link_selection', RichTextEditor: 'editor_button' };
/** No longer offered, but still taken. */
const HIDDEN = ['resource_selection'];

export const MESSAGE_TYPES = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiEulaRequest'];

const prefixed = (name) => (name.startsWith('Activity') ? name : `${CANVAS}/${name}`);
const offered = (names) => names.filter((name) => !HIDDEN.includes(name)).map(prefixed);

/** messages_supported of the platform's configuration. */
export const MESSAGES_SUPPORTED = [
  { type: 'LtiResourceLinkRequest', placements: [...offered(RESOURCE_LINK), 'ContentArea'] },
  { type: 'LtiDeepLinkingRequest', placements: [...offered(DEEP_LINKING), 'ContentArea', 'RichTextEditor'] },
  { type: 'LtiEulaRequest' },
];

/** Canvas's name of a placement, whichever way it is spelt. */
export function placementName(name) {
  if (Object.hasOwn(STANDARD, name)) return STANDARD[name];
  return name.startsWith(`${CANVAS}/`) ? name.slice(CANVAS.length + 1) : name;
}

export const EXTENSION = {
  privacyLevel: `${CANVAS}/privacy_level`,
  toolId: `${CANVAS}/tool_id`,
  vendor: `${CANVAS}/vendor`,
  disableReinstall: `${CANVAS}/disable_reinstall`,
  contentMigration: `${CANVAS}/content_migration`,
  defaultEnabled: `${CANVAS}/course_navigation/default_enabled`,
  visibility: `${CANVAS}/visibility`,
  displayType: `${CANVAS}/display_type`,
  width: `${CANVAS}/launch_width`,
  height: `${CANVAS}/launch_height`,
};

const URI = { type: 'string', format: 'uri' };
const OPTIONAL = { type: ['string', 'null'] };
const OPTIONAL_URI = { ...OPTIONAL, format: 'uri' };
const TEXTS = { type: 'object', additionalProperties: { type: 'string' } };
const SIZE = { type: ['integer', 'string', 'null'] };
const oneOf = (...values) => ({ type: ['string', 'null'], enum: [null, ...values] });

const MESSAGE = {
  type: 'object',
  required: ['type'],
  additionalProperties: true,
  properties: {
    type: { type: 'string', enum: MESSAGE_TYPES },
    target_link_uri: OPTIONAL_URI,
    label: OPTIONAL,
    icon_uri: OPTIONAL_URI,
    custom_parameters: TEXTS,
    roles: { type: ['array'], items: { type: 'string' } },
    placements: {
      type: 'array',
      items: { type: 'string', enum: [...PLACEMENTS, ...PLACEMENTS.map(prefixed), ...Object.keys(STANDARD)] },
    },
    [EXTENSION.defaultEnabled]: { type: 'boolean' },
    [EXTENSION.visibility]: oneOf('admins', 'members', 'public'),
    [EXTENSION.displayType]: oneOf(
      'default', 'full_width', 'full_width_in_context', 'full_width_with_nav', 'in_nav_context', 'borderless', 'new_window'),
    [EXTENSION.width]: SIZE,
    [EXTENSION.height]: SIZE,
  },
};

const LABEL = '([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';

export const CONFIGURATION = {
  type: 'object',
  required: ['domain', 'messages', 'claims'],
  properties: {
    domain: {
      type: 'string',
      description:
        'The primary domain covered by this tool; protocol must not be included. For example mytool.example.org',
      pattern: `^(${LABEL}\\.)*${LABEL}(:[0-9]{1,5})?$`,
    },
    messages: { type: 'array', items: MESSAGE },
    claims: { type: 'array', items: { type: 'string' } },
    secondary_domains: { type: 'array', items: { type: 'string', format: 'hostname' } },
    deployment_id: OPTIONAL,
    target_link_uri: OPTIONAL,
    custom_parameters: TEXTS,
    description: OPTIONAL,
    [EXTENSION.privacyLevel]: oneOf('public', 'name_only', 'email_only', 'anonymous'),
    [EXTENSION.toolId]: OPTIONAL,
    [EXTENSION.vendor]: OPTIONAL,
    [EXTENSION.disableReinstall]: { type: ['boolean', 'null'] },
    [EXTENSION.contentMigration]: { type: ['object', 'null'] },
  },
};

export const REGISTRATION = {
  type: 'object',
  properties: {
    application_type: { type: 'string', const: 'web' },
    grant_types: {
      allOf: [
        { type: 'array', items: { type: 'string' }, minLength: 2 },
        { contains: { const: 'client_credentials' } },
        { contains: { const: 'implicit' } },
      ],
    },
    response_types: { type: 'array', items: { type: 'string' }, minItems: 1, contains: { const: 'id_token' } },
    redirect_uris: { type: 'array', items: URI, minItems: 1 },
    initiate_login_uri: URI,
    client_name: { type: 'string', minLength: 1 },
    jwks_uri: URI,
    token_endpoint_auth_method: { type: 'string', const: 'private_key_jwt' },
    [TOOL_CONFIGURATION]: CONFIGURATION,
    scope: OPTIONAL,
    contacts: { type: 'array', items: { type: 'string', format: 'email' } },
    client_uri: OPTIONAL_URI,
    logo_uri: OPTIONAL_URI,
    tos_uri: OPTIONAL_URI,
    policy_uri: OPTIONAL_URI,
  },
  required: [
    'application_type', 'grant_types', 'response_types', 'redirect_uris', 'initiate_login_uri', 'client_name', 'jwks_uri',
    'token_endpoint_auth_method', TOOL_CONFIGURATION,
  ],
  additionalProperties: true,
};

const kept = (value, { properties }) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(properties, name)));

/** What Canvas keeps of a tool configuration: members that it does not know are dropped without a word. */
export const filtered = (configuration) => ({
  ...kept(configuration, CONFIGURATION),
  messages: configuration.messages.map((message) => kept(message, MESSAGE)),
});

/** The public JWK of a developer key. */
export const PUBLIC_JWK = {
  type: 'object',
  required: ['kty', 'e', 'n', 'kid', 'alg', 'use'],
  properties: {
    kty: { type: 'string', const: 'RSA' },
    alg: { type: 'string', const: 'RS256' },
    e: { type: 'string' },
    n: { type: 'string' },
    kid: { type: 'string' },
    use: { type: 'string' },
  },
};
