import type { Control, Section } from './controls/control.js';
import { ASVS, GATES, THREATS } from './controls/index.js';
import { UNDEFENDED } from './controls/undefended.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `What threatens the product or is required of it, what answers it, where that is in the code, and what shows that it holds. A test checks that each file, test and
figure that is named here exists.

- **shown by** names a test by its file and title, with the titles around it; \`%s\` stands for each of its cases. A figure is a part of
  [\`npm run security\`](../figures.md#security-npm-run-security): \`npm run security -- --only NAME\` plays it.
- **Not defended** says what is missing, or what no test shows. The whole of it is [below](#what-is-not-defended-against).
- [SECURITY.md](../../SECURITY.md) is the short form. The exact rules are in [rules](../rules.md).`;

const REQUIREMENTS = `Requirements of the [OWASP Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/) 5.0.0, by its numbers
and in our words: those about which this product has something to say. Left out are what concerns a web page (most of chapter 3, and parts of 7 and 14: there is no web console),
passwords of people (most of chapter 6), single sign-on and OAuth (chapter 10), WebRTC (chapter 17), uploads of documents (most of chapter 5), and requirements for documents
of the organisation that runs it. A number that is not here was not examined: this is a map, not a certificate.`;

/** Threats, figures and requirements with what answers them, and what nothing answers. */
export function controlMapPage(): string {
  return [
    heading('Control map', INTRODUCTION),
    '## Threats',
    ...THREATS.flatMap(section),
    '## Figures',
    ...GATES.flatMap(section),
    '## OWASP ASVS 5.0',
    REQUIREMENTS,
    ...ASVS.flatMap(section),
    '## What is not defended against',
    list(UNDEFENDED.map(({ what, why }) => `**${what}** ${why}`)),
    'Beyond these, the rows above say:',
    list(
      [...THREATS, ...GATES]
        .flatMap(({ rows }) => rows)
        .flatMap(({ id, open }) => (open === undefined ? [] : [`**${id}:** ${open}`])),
    ),
  ].join('\n\n');
}

const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n');

function section({ title, rows }: Section): readonly string[] {
  return [`### ${title}`, table(['', 'threat or requirement', 'control', 'code', 'shown by'], rows.map(row))];
}

function row({ id, ask, control, code: files, shown, open }: Control): readonly string[] {
  const said = [control, open === undefined ? undefined : `**Not defended:** ${open}`].filter(Boolean).join(' ');
  return [id, ask, said, files.map(code).join('<br>'), shown.map(proof).join('<br>')];
}

function proof(text: string): string {
  const [, kind = '', name = ''] = /^([^:]+): (.+)$/.exec(text) ?? [];
  return kind === 'figure' ? `figure ${code(name)}` : `${code(kind)} “${name}”`;
}
