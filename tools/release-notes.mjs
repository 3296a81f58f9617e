// node tools/release-notes.mjs v1.2.3: prints that version's section of CHANGELOG.md. Fails when the tag is not the version of
// package.json, or the changelog has no such section.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './setup.mjs';

const [tag = ''] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
if (tag !== `v${version}`) fail(`The tag is ${tag}, the version in package.json is ${version}: they must agree.`);
const sections = readFileSync(join(CHECKOUT, 'CHANGELOG.md'), 'utf8').split(/^## /m);
const section = sections.find((text) => text.startsWith(`${version}\n`));
if (section === undefined) fail(`CHANGELOG.md has no section "## ${version}".`);
console.log(section.slice(version.length).trim());

function fail(message) {
  console.error(message);
  process.exit(1);
}
