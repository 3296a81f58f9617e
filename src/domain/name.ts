/** Names of targets, runbooks, credentials, sites and tags: up to 120 of these characters. */
export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]*$';
export const NAME_LENGTH = 120;

export const isName = (text: string): boolean => text.length <= NAME_LENGTH && new RegExp(NAME_PATTERN).test(text);
