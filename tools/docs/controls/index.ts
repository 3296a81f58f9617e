import { ASVS_CODE } from './asvs-code.js';
import { ASVS_HTTP } from './asvs-http.js';
import { ASVS_INPUT } from './asvs-input.js';
import { ASVS_PEOPLE } from './asvs-people.js';
import { ASVS_RIGHTS } from './asvs-rights.js';
import { ASVS_SECRETS } from './asvs-secrets.js';
import type { Section } from './control.js';
import { GATES } from './gates.js';
import { APPROVAL } from './threats-of-approval.js';
import { CODE } from './threats-of-code.js';
import { EDGE } from './threats-at-the-edge.js';
import { INSIDE } from './threats-inside.js';

/** Every threat, once. */
export const THREATS: readonly Section[] = [...CODE, ...APPROVAL, ...INSIDE, ...EDGE];

export { GATES };

/** The requirements of OWASP ASVS 5.0.0 that say something about this product. */
export const ASVS: readonly Section[] = [
  ...[ASVS_INPUT, ASVS_HTTP, ASVS_PEOPLE, ASVS_RIGHTS, ASVS_SECRETS, ASVS_CODE].flat(),
];
