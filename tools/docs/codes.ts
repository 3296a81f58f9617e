import { CODES, type CodeClass, type CodeEntry } from '../../src/domain/codes/index.js';
import { code, heading, table } from './markdown.js';

const INTRODUCTION = `Every stable code of Fixpoint, what it means and what to do next. A code stands on a job (\`code\`), in a problem response of the
API, or in the output of the command line. A runbook can bring codes of its own: see [write a runbook](../guides/write-a-runbook.md#add-a-code).`;

type Title = readonly [title: string, introduction: string];

const CLASSES: Readonly<Partial<Record<CodeClass, Title>>> = {
  refused: ['Refused', 'Thrown by a runbook. Nothing was changed; the job is `blocked`.'],
  deferred: ['Deferred', 'Thrown by a runbook. The job waits and runs Detect again until `defer.upTo` of its runbook.'],
  failed: ['Failed', 'Thrown by a runbook. A change was attempted and did not succeed.'],
  waiting: ['Waiting', 'Thrown by a runbook. The change was made and needs time to take effect.'],
  job: ['Jobs and decisions', 'Given by Fixpoint: why a job is in its state, or why a decision was refused.'],
  request: ['Requests', 'Given by the API and the command line: why a request was refused.'],
  restore: ['Restore', 'Given by `fixpoint restore`: why nothing was restored.'],
};

/** Every code but the findings of the doctor, which have a page of their own. */
export function codesPage(): string {
  const entries = Object.entries(CODES as Readonly<Record<string, CodeEntry>>);
  const sections = Object.entries(CLASSES).flatMap(([name, [title, introduction]]) => {
    const rows = entries
      .filter(([, entry]) => entry.class === name)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { en, next }]) => [code(id), en, next.en]);
    return [`## ${title}`, introduction, table(['code', 'meaning', 'what to do next'], rows)];
  });
  return [heading('Codes', INTRODUCTION), ...sections].join('\n\n');
}
