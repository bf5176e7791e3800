// The names of LTI 1.3 as they stand in tokens: claims, message types, scopes.

const PURL = 'https://purl.imsglobal.org/spec';

/** A claim of LTI core. */
export const claim = (name) => `${PURL}/lti/claim/${name}`;
/** A claim of Deep Linking. */
export const dlClaim = (name) => `${PURL}/lti-dl/claim/${name}`;
/** A claim of Canvas's own. */
export const vendorClaim = (name) => `https://www.instructure.com/${name}`;

export const AGS_CLAIM = `${PURL}/lti-ags/claim/endpoint`;
export const NRPS_CLAIM = `${PURL}/lti-nrps/claim/namesroleservice`;

export const RESOURCE_LINK = 'LtiResourceLinkRequest';
export const DEEP_LINKING = 'LtiDeepLinkingRequest';
export const EULA = 'LtiEulaRequest';
export const PROCESSOR_SETTINGS = 'LtiAssetProcessorSettingsRequest';
export const REPORT_REVIEW = 'LtiReportReviewRequest';

export const AGS_SCOPES = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
  (name) => `${PURL}/lti-ags/scope/${name}`);
export const NRPS_SCOPE = `${PURL}/lti-nrps/scope/contextmembership.readonly`;
export const NOTICE_SCOPE = `${PURL}/lti/scope/noticehandlers`;
export const ASSET_SCOPE = `${PURL}/lti/scope/asset.readonly`;
export const REPORT_SCOPE = `${PURL}/lti/scope/report`;
export const EULA_SCOPES = ['user', 'deployment'].map((name) => `${PURL}/lti/scope/eula/${name}`);

/** Every scope that an administrator can turn on for a key. */
export const PUBLIC_SCOPES = [
  ...AGS_SCOPES,
  NRPS_SCOPE,
  NOTICE_SCOPE,
  ASSET_SCOPE,
  REPORT_SCOPE,
  ...EULA_SCOPES,
  ...[
    'lti/public_jwk/scope/update', 'lti/account_lookup/scope/show', 'lti-ags/progress/scope/show', 'lti/page_content/show',
  ].map((name) => `https://canvas.instructure.com/${name}`),
];

export const NOTICE_TYPES = [
  'LtiHelloWorldNotice', 'LtiAssetProcessorSubmissionNotice', 'LtiContextCopyNotice',
  'LtiAssetProcessorContributionNotice',
];
