import type { Static } from 'typebox';
import { meaningOf } from '../../domain/codes/lookup.js';
import type { PersonRef } from '../../domain/people.js';
import { readList } from '../../domain/rollout-list.js';
import { differingNames, parametersNamed } from '../../domain/rollouts/differences.js';
import { rolloutDigest, type LeftOut } from '../../domain/rollouts/request.js';
import { approvalsToResume, missingToResume } from '../../domain/rollouts/resume.js';
import { splitWaves, waveAt } from '../../domain/rollouts/split.js';
import { utcText } from '../../domain/time.js';
import type { RolloutDecision, RolloutRecord, StoredRollout } from '../../ports/rollouts.js';
import type { RolloutGrant } from '../../domain/rollout-grant.js';
import type { Shown } from '../route.js';
import type { RolloutDetail, RolloutSummary } from '../schemas/rollouts.js';
import { approvedStatus, plannedStatus } from './rollout-item.js';

type Detail = Shown<Static<typeof RolloutDetail>>;
type ShownItem = Detail['items'][number];

const refOf = ({ id, name }: PersonRef) => ({ id, name });

export function rolloutSummary(rollout: StoredRollout): Shown<Static<typeof RolloutSummary>> {
  const {
    id,
    runbook,
    requester,
    reason,
    ticket,
    retryOf,
    rollbackOf,
    count,
    declaration,
    status,
    ending,
    submittedAt,
  } = rollout;
  return {
    ...{ id, runbook, requester, reason, count, declaration, status },
    ...(ticket === undefined ? {} : { ticket }),
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    ...(ending === undefined ? {} : { ending }),
    submittedAt: utcText(submittedAt),
  };
}

/** A rollout with everything that happened to it, as the database has it: what `authority` and workers go by they verify themselves. */
export function rolloutDetail(record: RolloutRecord): Detail {
  const { rollout, stops, decisions, proved } = record;
  const grant = record.grant && (JSON.parse(record.grant.bytes) as RolloutGrant);
  const resumes = decisions.filter(({ kind, status }) => kind === 'resume' && status === 'accepted');
  const ended = new Set(resumes.flatMap(({ ends }) => ends));
  const { waves, items } = itemsOf(record, new Set(resumes.flatMap(({ exclude }) => exclude)));
  return {
    ...rolloutSummary(rollout),
    ...{ pool: rollout.pool, itemsDigest: rollout.itemsDigest, requestDigest: rolloutDigest(rollout) },
    ...(rollout.salt === undefined ? {} : { salt: rollout.salt }),
    grant: grant?.jti ?? null,
    until: grant?.until ?? null,
    approvalsToResume: grant ? approvalsToResume(grant) : null,
    waves: waves.map(({ name, from, to }, at) => ({
      ...(name === undefined ? {} : { name }),
      items: to - from,
      proved: at < proved.length,
    })),
    items,
    ...(rollout.leftOut === undefined ? {} : { leftOut: rollout.leftOut.map(withMeaning) }),
    undoneBy: record.undoneBy.map(({ id }) => id),
    stops: stops.map(({ id, kind, items: about, person, reason, code, wave, at }) => ({
      ...{ id, kind, items: about, by: person ? refOf(person) : null, at: utcText(at), ended: ended.has(id) },
      ...(reason === undefined ? {} : { reason }),
      ...(code === undefined ? {} : { code, meaning: meaningOf(code) ?? code }),
      ...(wave === undefined ? {} : { wave }),
    })),
    decisions: decisions.map((decision) => {
      const { id, kind, person, reason, proof, decidedAt, status, code } = decision;
      return {
        ...{ id, kind, person: refOf(person), reason, proof: proof.kind, at: utcText(decidedAt), status },
        ...(code === undefined ? {} : { code }),
        ...(kind === 'resume' ? resumeOf(record, decision, grant, ended) : {}),
      };
    }),
  };
}

const withMeaning = (one: LeftOut) => ({ ...one, meaning: meaningOf(one.code) ?? one.code });

/** What a resume is about, and how many more people must sign the same where it waits for others. */
function resumeOf(
  { decisions, stops }: RolloutRecord,
  { ends, exclude, status }: RolloutDecision,
  grant: RolloutGrant | undefined,
  ended: ReadonlySet<string>,
) {
  const said = { ends, exclude };
  if (status !== 'counted' || !grant || ends.every((id) => ended.has(id))) return said;
  const counted = decisions.filter((each) => each.kind === 'resume' && each.status === 'counted');
  const counting = { stops, requester: grant.requester.id, needed: approvalsToResume(grant) };
  return { ...said, missing: missingToResume(said, counted, counting) };
}

function itemsOf({ rollout, items, stops, list: bytes }: RolloutRecord, excused: ReadonlySet<number>) {
  const list = bytes === undefined ? undefined : readList(bytes);
  const waves = splitWaves(rollout.declaration.waves, list?.length ?? rollout.count);
  const positions = new Map((list ?? []).map(({ index, plan }, position) => [index, { position, plan }] as const));
  const excluded = new Set(stops.filter(({ kind }) => kind === 'exclude').flatMap((stop) => stop.items));
  // Of an item whose values were erased nothing is known.
  const names = differingNames(items.flatMap(({ job }) => (job.erasedAt ? [] : [job.parameters])));
  const shown = items.map((item, index): ShownItem => {
    const { job } = item;
    const listed = positions.get(index);
    const isOut = excluded.has(index) || excused.has(index);
    return {
      ...{ index, job: job.id, target: job.target.name, state: job.state },
      ...(job.code === undefined ? {} : { code: job.code }),
      status: list ? approvedStatus(item, listed?.plan, isOut) : plannedStatus(item),
      wave: listed ? waveAt(waves, listed.position) : null,
      parameters: parametersNamed(job.parameters, names),
    };
  });
  return { waves, items: shown };
}
