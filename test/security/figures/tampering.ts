import { randomOf } from '../../generative/random.js';
import { BEFORE_JOBS, chain, entriesOf, OF_A_JOB } from '../logs.js';
import { checkpointsOf, missed, OPERATORS, verdictOf } from '../tampering.js';
import { tally, type Amount, type Figure } from './figure.js';

/** Signed logs of different lengths with their kept checkpoints: made once, tampered with as copies. */
const poolOf = () =>
  [2, 3, 5, 8, 13, 20].map((jobs) => {
    const entries = entriesOf(jobs);
    const links = chain(entries);
    return { entries, links, kept: checkpointsOf(links, 5 + jobs) };
  });

const CLEAN = 1000;

/** Logs that were tampered with by each operator in turns, against the checkpoints that were kept: found, and where it begins. */
export async function tampering({ count, seed }: Amount): Promise<Figure> {
  const told = tally('audit tampering');
  const pool = poolOf();
  const operators = Object.entries(OPERATORS);
  for (let n = 0; n < count; n++) {
    const random = randomOf(seed, n);
    const { entries, links, kept } = random.pick(pool);
    const [name, operator] = operators[n % operators.length] as (typeof operators)[number];
    const tampered = operator(entries, links, (below) => random.int(below - 1));
    const problem = missed(verdictOf(tampered.links, kept), tampered, kept);
    told.add(problem && `seed ${seed}, log ${n}, ${name}: ${problem}`);
  }
  return told.figure();
}

/** Logs as they were written, with any checkpoints kept of them: an alarm is wrong. At most a thousand. */
export async function falseAlarms({ count, seed }: Amount): Promise<Figure> {
  const told = tally('false alarms on clean logs');
  const pool = poolOf();
  for (let n = 0; n < Math.min(count, CLEAN); n++) {
    const random = randomOf(seed, n);
    const { entries, links } = random.pick(pool);
    const jobs = 1 + random.int((entries.length - BEFORE_JOBS) / OF_A_JOB - 1);
    const clean = chain(entries.slice(0, BEFORE_JOBS + OF_A_JOB * jobs));
    const verdict = verdictOf(clean, checkpointsOf(links.slice(0, clean.length), 1 + random.int(40)));
    const fine = verdict.ok && verdict.covered === clean.length;
    told.add(fine ? undefined : `seed ${seed}, log ${n}: ${JSON.stringify(verdict)}`);
  }
  return told.figure();
}
