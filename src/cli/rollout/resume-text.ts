import { isSameResume, needsApprover } from '../../domain/rollouts/resume.js';
import { count } from '../../platform/count.js';
import type { RolloutDetail } from '../api/types.js';
import { named, visible } from '../print.js';

type Stop = RolloutDetail['stops'][number];
type Shown = Pick<RolloutDetail, 'items' | 'waves' | 'decisions' | 'approvalsToResume'>;

/** Everything that somebody signs who ends these pauses: each with its reason, wave and items, what is left out, and who has to. */
export function resumeText(rollout: Shown, pauses: readonly Stop[], exclude: readonly number[]): string {
  const out = exclude.length === 0 ? [] : ['Left out, and not counted any more:', `  ${itemNames(rollout, exclude)}`];
  return [`Ends ${count(pauses.length, 'pause')}:`, ...pauses.flatMap((pause) => pauseText(rollout, pause)), ...out]
    .concat(neededLines(rollout, pauses, exclude))
    .join('\n');
}

function pauseText(rollout: Shown, { id, by, reason, meaning, code, wave, items, at }: Stop): readonly string[] {
  const why =
    by === null ? `by Fixpoint: ${meaning ?? ''} [${code ?? ''}]` : `by ${named(by)}: ${visible(reason ?? '')}`;
  const name = wave === undefined ? undefined : rollout.waves[wave]?.name;
  const ofWave = wave === undefined ? [] : [`    Wave ${wave + 1}${name === undefined ? '' : ` (${name})`}`];
  const about = items.length === 0 ? [] : [`    ${itemNames(rollout, items)}`];
  return [`  ${at} ${why} (${id})`, ...ofWave, ...about];
}

/** Every item: one that is not named would be signed unread. */
function itemNames({ items }: Shown, indexes: readonly number[]): string {
  return indexes.map((index) => `${visible(items[index]?.target ?? '')} (item ${index})`).join(', ');
}

function neededLines(
  { approvalsToResume, decisions }: Shown,
  pauses: readonly Stop[],
  exclude: readonly number[],
): readonly string[] {
  const ended = pauses.map(({ by }) => (by === null ? {} : { person: by }));
  if (approvalsToResume === null || approvalsToResume < 2 || !needsApprover(ended, exclude)) return [];
  const of = { ends: pauses.map(({ id }) => id), exclude };
  const same = decisions.filter(
    ({ kind, status, ends = [], exclude: out = [] }) =>
      kind === 'resume' && status === 'counted' && isSameResume(of, { ends, exclude: out }),
  );
  const who = [...new Map(same.map(({ person }) => [person.id, named(person)])).values()];
  return [
    `It takes ${count(approvalsToResume, 'approver')} who sign exactly this; ${who.length === 0 ? 'none has' : `signed by ${who.join(', ')}`}.`,
  ];
}

/** Resumes that wait for others, each with what it leaves out and how many people are missing. */
export function waitingResumes(rollout: Pick<RolloutDetail, 'items' | 'decisions'>): readonly string[] {
  const waiting = rollout.decisions.filter(({ missing = 0 }) => missing > 0);
  return waiting.map(({ person, missing = 0, ends = [], exclude = [] }) => {
    const names = exclude.map((index) => visible(rollout.items[index]?.target ?? String(index)));
    const without = names.length === 0 ? '' : `, without ${names.join(', ')}`;
    return `Resume of ${count(ends.length, 'pause')} by ${named(person)}${without}: ${count(missing, 'more approver')} must sign exactly this`;
  });
}
