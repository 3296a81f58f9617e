import type { RunbookBundle } from '../../domain/manifest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';
import type { WorkerContext } from '../worker-context.js';
import { noteContact } from './note-contact.js';
import { openRunspace, openWriterBeside, type OpenRunspaceFailure, type Runspace } from './run-phase.js';

type Refused = Extract<OpenRunspaceFailure, { kind: 'gate-refused' | 'host-unavailable' }>;

/**
 * Opens a runspace for a phase of a stored runbook: every one that a job gets. The gate of this worker's engine reads the stored bytes
 * first, and a version that it refuses reaches no credential and no target.
 */
export const openChecked = (context: WorkerContext, bundle: RunbookBundle, ...more: OpenArguments) =>
  afterGate(context, bundle, async () => {
    const opened = await openRunspace(context, bundle, ...more);
    const [{ target }] = more;
    noteContact(context, target.id, opened);
    return opened;
  });

/** The same for a phase that changes something: in the session of the reader where that has the same account (`openWriterBeside`). */
export const openWriterChecked = (
  context: WorkerContext,
  reader: Runspace,
  bundle: RunbookBundle,
  ...more: OpenArguments
) => afterGate(context, bundle, () => openWriterBeside(reader, context, bundle, ...more));

async function afterGate(
  context: WorkerContext,
  bundle: RunbookBundle,
  open: () => ReturnType<typeof openRunspace>,
): ReturnType<typeof openRunspace> {
  const passed = await passesGate(context, bundle);
  if (!passed.ok) return passed;
  return open();
}

type OpenArguments = Parameters<typeof openRunspace> extends [unknown, unknown, ...infer More] ? More : never;

async function passesGate(
  { gate, host }: Pick<WorkerContext, 'gate' | 'host'>,
  bundle: RunbookBundle,
): Promise<Result<undefined, Refused>> {
  let problems: readonly LoadProblem[];
  try {
    problems = await gate.problems(bundle, host);
  } catch (error) {
    return fail({ kind: 'host-unavailable', detail: (error as Error).message });
  }
  const [first] = problems.filter(({ severity }) => severity === 'error');
  return first
    ? fail({ kind: 'gate-refused', detail: `${first.file}:${first.line}: ${first.message} [${first.rule}]` })
    : ok(undefined);
}
