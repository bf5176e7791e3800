// Where in Canvas a tool can stand, and what a deep linking request of each place accepts.

const LINK = ['application/vnd.ims.lti.v1.ltilink'];
const PACKAGES = [
  'application/vnd.ims.imsccv1p1', 'application/vnd.ims.imsccv1p2', 'application/vnd.ims.imsccv1p3', 'application/zip',
  'application/xml',
];
const FRAMES = ['iframe', 'window'];
const RESOURCE_LINK = ['ltiResourceLink'];

const row = (types, multiple, create, targets = FRAMES, media = LINK) => ({ types, multiple, create, targets, media });

const DEEP_LINKING = {
  assignment_selection: row(RESOURCE_LINK, false, false),
  submission_type_selection: row(RESOURCE_LINK, false, false),
  link_selection: row(RESOURCE_LINK, true, false),
  course_assignments_menu: row(RESOURCE_LINK, true, false),
  module_index_menu_modal: row(RESOURCE_LINK, true, true),
  module_menu_modal: row(RESOURCE_LINK, true, true),
  collaboration: row(RESOURCE_LINK, false, true, ['iframe']),
  conference_selection: row(['link', 'html'], false, true, FRAMES, ['text/html', '*/*']),
  editor_button: row(
    ['link', 'file', 'html', 'ltiResourceLink', 'image'], true, false, ['embed', ...FRAMES],
    ['image/*', 'text/html', ...LINK, '*/*']),
  homework_submission: row(['file', 'ltiResourceLink'], false, false, ['iframe'], ['*/*']),
  migration_selection: row(['file'], false, false, ['iframe'], PACKAGES),
  ActivityAssetProcessor: row(['ltiAssetProcessor'], true, true, FRAMES, ['application/vnd.ims.lti.v1.ltiassetprocessor']),
  ActivityAssetProcessorContribution:
    row(['ltiAssetProcessor'], true, true, FRAMES, ['application/vnd.ims.lti.v1.ltiassetprocessor']),
};

/** Placements whose items may carry a line item. */
export const LINE_ITEM_PLACEMENTS = [
  'course_assignments_menu', 'assignment_selection', 'link_selection', 'module_index_menu_modal', 'module_menu_modal',
];

/** Placements where Canvas creates what comes back, so that its user must be allowed to. */
export const CREATING_PLACEMENTS = ['course_assignments_menu', 'module_index_menu_modal', 'module_menu_modal'];

export const isAssetProcessor = (placement) => String(placement).startsWith('ActivityAssetProcessor');

/** The deep_linking_settings claim of a placement, or null where Canvas makes no such request. */
export function deepLinkingSettings(placement, returnUrl) {
  const found = Object.hasOwn(DEEP_LINKING, placement) ? DEEP_LINKING[placement] : null;
  return found && {
    deep_link_return_url: returnUrl,
    accept_types: found.types,
    accept_presentation_document_targets: found.targets,
    accept_media_types: found.media.join(','),
    auto_create: found.create,
    accept_multiple: found.multiple,
  };
}

export function placementOf(key, name) {
  const listed = (key.placements ?? []).map((entry) => (typeof entry === 'string' ? { placement: entry } : entry));
  return listed.find(({ placement }) => placement === name) ?? null;
}
