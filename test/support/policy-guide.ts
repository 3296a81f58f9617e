import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** The example of the guide, as its text: what people copy. */
export function policyOfGuide(): string {
  const guide = readFileSync(join(INSTALL_ROOT, 'docs/guides/policy.md'), 'utf8');
  const [, text] = /```json\n([\s\S]+?)```/.exec(guide) ?? [];
  if (text === undefined) throw new Error('the guide has no example');
  return text;
}
