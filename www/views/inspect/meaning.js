// What claims and values mean, from the texts.
import { texts } from '../../texts.js';

const { meanings, header, byKind, values, roles } = texts.known;

/** {meaning, source} of a claim; undefined for one that nobody has described. */
export function meaningOf(name, kind) {
  const [meaning, source] = own(byKind[kind], name) ?? own(meanings, name) ?? [];
  return meaning && { meaning, source };
}

export function headerMeaning(name) {
  const [meaning, source] = own(header, name) ?? [];
  return meaning && { meaning, source };
}

const own = (object, name) => (object && Object.hasOwn(object, name) ? object[name] : undefined);

/** Plain words for well-known values: a role, a scope, an issuer. A list for an array, '' where nothing is known. */
export function inWords(value) {
  const all = [value].flat();
  return all.map((one) => (typeof one === 'string' ? own(values, one) ?? roleName(one) : undefined)).filter(Boolean);
}

const ROLE = /^http:\/\/purl\.imsglobal\.org\/vocab\/(?:lis\/v2|lti)\/(system|institution|membership)(?:\/person|\/([A-Za-z]+))?#([A-Za-z]+)$/;

/** 'Teaching assistant (Instructor), in this course or account' */
export function roleName(urn) {
  const [, scope, principal, role] = ROLE.exec(urn) ?? [];
  if (!role) return undefined;
  const name = words(role);
  return roles[scope](principal ? roles.of(name, words(principal)) : name);
}

const words = (camel) => camel.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase().replace(/^./, (letter) => letter.toUpperCase());

/** The last part of a long name of LTI, by which people know it. */
export const shortName = (name) => /^https?:\/\/(?:purl\.imsglobal\.org\/spec\/[\w-]+\/claim|www\.instructure\.com)\/([\w.]+)$/.exec(name)?.[1];

const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time']);
// Canvas's own sample writes Iat, so the case is not looked at.
export const isTime = (name, value) => TIMES.has(name.toLowerCase()) && (typeof value === 'number' || typeof value === 'bigint');
