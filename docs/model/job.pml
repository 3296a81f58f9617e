/*
 * The life of one job with two changes: two workers, messages that are lost, doubled and late, crashes at every step, leases that
 * run out under a living worker, results that come late, cancel, expiry, drift, and people. What is left out: README.md.
 *
 * MOVE(from, to) is one edge of the table in src/domain/job.ts. A test compares the two, and that each edge is reached here.
 * WITHOUT in the checker's environment takes one protection away (the numbers below): the checker must find the harm.
 */
#define N 2
#define MOST_CRASHES 3
#define MOST_DRIFTS 2

/* Protections, by the number with which the checker is told to leave one away. */
#define HAS_FENCE (without != 1)
#define HAS_DEATH_WAIT (without != 2)
#define HAS_STALE_CHECK (without != 3)
#define HAS_ONCE_RULE (without != 4)
#define HAS_EXPIRY (without != 5)
#define HAS_GRANT_CHECK (without != 6)
#define HAS_SWEEPER (without != 7)

mtype = { planning, deferred, awaiting_approval, queued, running, waiting, unknown, needs_attention, rolling_back, compliant, drifted,
  succeeded, failed, rolled_back, rollback_failed, rejected, expired, superseded, cancelled, blocked };
/* What the journal holds of a change. */
mtype = { nothing, open, changed, in_place, refused, not_in_place };

#define MOVE(from, to) assert(state == from); state = to
#define ENDED (state == compliant || state == drifted || state == succeeded || state == failed || state == rolled_back || \
  state == rollback_failed || state == rejected || state == expired || state == superseded || state == cancelled || \
  state == blocked)

/* The record. */
mtype state = planning;
byte holder = 0;          /* whose epoch it is: 0 once a lease was lost, before the next claim */
bool leased = false;      /* a claim that was neither finished nor given back */
bool granted = false;
bool over = false;        /* the time of the plan or the grant is over: once over, it stays over */
bool cancel = false;
bool onFailureRollback = false;
bool resolvedInPlace = false;
byte crashes = 0;
byte drifts = 0;
mtype made[N] = nothing;
mtype undone[N] = nothing;

/* The target. */
bool there[N] = false;    /* the change is in place */
bool foreign = false;     /* something differs that nobody approved */
bool inFlight = false;    /* one execution at a time: two would be two writers */
bool undoing = false;
byte op;
bool answered = false;
bool said;                /* true: done; false: the system refused */
byte effects[N] = 0;      /* of the changes under the present grant */
bool once;

/* Bounded evil; the checker's environment may say how much. */
byte without = 0;
byte faults = 1;
byte faultsAtFirst = 1;
byte meddling = 1;
byte deferrals = 1;
byte says = 2;            /* so often a person may say that it is in place */
/* Messages come late, twice and out of order; one that was lost is sent again: so one may come at any time. */
byte messages = 3;
#define MESSAGE (HAS_SWEEPER || messages > 0)
inline taken() { if :: HAS_SWEEPER :: else -> messages-- fi }

#define LISTED(i) (!there[i])
#define DONE(i) (made[i] == changed)
#define HEARD(i) (made[i] == changed || made[i] == in_place)
#define MINE (holder == _pid)
#define PARTIAL ((made[0] == changed && undone[0] != changed) || (made[1] == changed && undone[1] != changed))
#define DRIFT (foreign || (DONE(0) && LISTED(0)) || (DONE(1) && LISTED(1)))
#define UNHEARD_ONCE (once && ((made[0] == open && LISTED(0)) || (made[1] == open && LISTED(1))))
#define EMPTY (there[0] && there[1] && !foreign)
#define IN_HAND (made[0] == open || made[1] == open || undone[0] == open || undone[1] == open)

#define FENCE(from) (state == from && (MINE || !HAS_FENCE))
#define DEAD (!inFlight || !HAS_DEATH_WAIT)
#define IN_TIME (!over || !HAS_EXPIRY)
#define GRANTED (granted || !HAS_GRANT_CHECK)

/* A claim takes the next epoch: whatever an earlier one still writes is refused. */
inline claim() { holder = _pid; leased = true }
inline release() { leased = false; holder = 0 }

/* A worker dies, or stands still until its claim is another's. */
inline mayCrash() {
  if
  :: atomic { faults > 0 -> faults-- ; goto next }
  :: true
  fi
}

/* A look at the target writes what is seen of the changes that were not heard of. */
inline reconcileResults() {
  if :: made[0] == open && there[0] -> made[0] = in_place :: made[0] == open && !there[0] -> made[0] = not_in_place :: else fi;
  if :: made[1] == open && there[1] -> made[1] = in_place :: made[1] == open && !there[1] -> made[1] = not_in_place :: else fi
}

/* The claim of a worker that gave no sign of life, or was only slow. The next epoch: what the old one still writes is refused. */
inline loseLease() {
  leased = false; holder = 0;
  if :: once && IN_HAND -> crashes = MOST_CRASHES :: else -> crashes++ fi
}

proctype Worker() {
  byte i;
  bool ok;
next:
  i = 0; ok = false;
end_idle:
  do
  :: atomic { MESSAGE && state == planning && !leased -> taken(); claim() } ; goto plan
  :: atomic { MESSAGE && state == planning && leased && crashes + 1 < MOST_CRASHES -> taken(); crashes++; claim() } ; goto plan
  :: atomic { MESSAGE && state == planning && leased && crashes + 1 >= MOST_CRASHES -> taken(); MOVE(planning, blocked) }
  :: atomic { MESSAGE && state == deferred && !granted -> taken(); MOVE(deferred, planning); claim() } ; goto plan
  :: atomic { MESSAGE && state == deferred && granted && cancel -> taken(); MOVE(deferred, cancelled) }
  :: atomic { MESSAGE && state == deferred && granted && over -> taken(); MOVE(deferred, expired) }
  :: atomic { MESSAGE && state == deferred && granted && meddling > 0 -> taken(); meddling--; MOVE(deferred, blocked) }
  :: atomic { MESSAGE && state == deferred && granted && IN_TIME -> taken(); MOVE(deferred, queued) }
  :: atomic { MESSAGE && state == awaiting_approval && over -> taken(); MOVE(awaiting_approval, expired) }
  :: atomic { MESSAGE && state == queued && over -> taken(); MOVE(queued, expired) }
  :: atomic { MESSAGE && state == queued && meddling > 0 -> taken(); meddling--; MOVE(queued, blocked) }
  :: atomic { MESSAGE && state == queued && !GRANTED -> taken(); MOVE(queued, blocked) }
  :: atomic { MESSAGE && state == queued && GRANTED && IN_TIME -> taken(); MOVE(queued, running); claim() } ; goto execute
  :: atomic { MESSAGE && state == running && faults < faultsAtFirst && leased -> taken(); MOVE(running, unknown); loseLease() }
  :: atomic { MESSAGE && state == rolling_back && faults < faultsAtFirst && leased -> taken(); MOVE(rolling_back, unknown); loseLease() }
  :: atomic { MESSAGE && state == waiting && !leased -> taken(); claim() } ; goto prove
  :: atomic { MESSAGE && state == waiting && leased && crashes + 1 < MOST_CRASHES -> taken(); crashes++; claim() } ; goto prove
  :: atomic { MESSAGE && state == waiting && leased && crashes + 1 >= MOST_CRASHES -> taken(); MOVE(waiting, failed); release() }
  :: atomic { MESSAGE && state == unknown && !leased && DEAD -> taken(); claim() } ; goto settle
  :: atomic { MESSAGE && state == unknown && leased && crashes + 1 < MOST_CRASHES && DEAD -> taken(); crashes++; claim() } ; goto settle
  :: atomic { MESSAGE && state == unknown && leased && crashes + 1 >= MOST_CRASHES -> taken(); MOVE(unknown, needs_attention); release() }
  :: atomic { MESSAGE && state == needs_attention && resolvedInPlace && !leased -> taken(); claim() } ; goto proveResolved
  :: atomic { MESSAGE && state == needs_attention && resolvedInPlace && leased && crashes + 1 < MOST_CRASHES ->
       taken(); crashes++; claim() } ; goto proveResolved
  :: atomic { MESSAGE && state == needs_attention && resolvedInPlace && leased && crashes + 1 >= MOST_CRASHES ->
       taken(); resolvedInPlace = false; release() }
  od;

plan:
  mayCrash();
  if
  :: atomic { state == planning && MINE && EMPTY -> MOVE(planning, compliant); release() }
  :: atomic { state == planning && MINE && !EMPTY && !granted -> MOVE(planning, drifted); release() } /* a job of a scan */
  :: atomic { state == planning && MINE && !EMPTY -> MOVE(planning, awaiting_approval); release(); over = false; crashes = 0 }
  :: atomic { state == planning && MINE && deferrals > 0 -> deferrals--; MOVE(planning, deferred); release() }
  :: atomic { state == planning && MINE && meddling > 0 -> meddling--; MOVE(planning, blocked); release() }
  :: !(state == planning && MINE)
  fi;
  goto next;

execute:
  mayCrash();
  if
  :: atomic { FENCE(running) && DRIFT ->
       granted = false; release(); drifts++;
       if
       :: drifts >= MOST_DRIFTS -> granted = true; MOVE(running, needs_attention)
       :: else -> foreign = false; over = false; MOVE(running, awaiting_approval)
       fi }
  :: atomic { FENCE(running) && !DRIFT && UNHEARD_ONCE -> MOVE(running, needs_attention); release() }
  :: atomic { FENCE(running) && deferrals > 0 -> deferrals--; MOVE(running, deferred); release() }
  :: atomic { FENCE(running) && meddling > 0 && !PARTIAL -> meddling--; MOVE(running, blocked); release() }
  :: atomic { FENCE(running) && meddling > 0 && PARTIAL -> meddling--; MOVE(running, failed); release() }
  :: atomic { FENCE(running) && !DRIFT && !UNHEARD_ONCE ->
       if :: there[0] && !HEARD(0) -> made[0] = in_place :: else fi;
       if :: there[1] && !HEARD(1) -> made[1] = in_place :: else fi } ; goto apply
  :: !FENCE(running)
  fi;
  goto next;

apply:
  if
  :: i == N -> goto finish
  :: i < N && HEARD(i) -> i++; goto apply
  :: else
  fi;
  mayCrash();
  atomic {
    if
    :: !FENCE(running) -> goto next
    :: FENCE(running) && cancel -> MOVE(running, cancelled); release(); goto next
    :: FENCE(running) && over && !PARTIAL -> MOVE(running, expired); release(); goto next
    :: FENCE(running) && over && PARTIAL -> MOVE(running, failed); release(); goto next
    :: FENCE(running) && !cancel && IN_TIME ->
       made[i] = open; assert(granted && !over)
    fi
  };
  mayCrash();
  atomic {
    if :: HAS_STALE_CHECK && !MINE -> goto next :: else fi;
    assert(!inFlight);
    inFlight = true; undoing = false; answered = false; op = i
  };
  mayCrash();
  if
  :: atomic { MINE && answered -> answered = false; ok = said; said = false }
  :: atomic { !MINE && (answered || !inFlight) -> answered = false; ok = said; said = false }
  :: atomic { !MINE -> goto next }
  :: atomic { faults > 0 -> faults-- ; /* the link is lost: what the target does is not known */
       if :: FENCE(running) -> MOVE(running, unknown); crashes++; release() :: else fi ; goto next }
  fi;
  mayCrash();
  atomic {
    if
    :: FENCE(running) && ok -> made[i] = changed; crashes = 0; i++
    :: FENCE(running) && !ok && !(PARTIAL && onFailureRollback) -> made[i] = refused; MOVE(running, failed); release(); goto next
    :: FENCE(running) && !ok && PARTIAL && onFailureRollback -> made[i] = refused; MOVE(running, rolling_back); i = 0; goto undo
    :: !FENCE(running) -> goto next   /* late: evidence, no more */
    fi
  };
  goto apply;

finish:
  mayCrash();
  if
  :: atomic { FENCE(running) && EMPTY -> assert(HEARD(0) && HEARD(1)); MOVE(running, succeeded); release() }
  :: atomic { FENCE(running) -> MOVE(running, waiting); release(); crashes = 0 }
  :: atomic { FENCE(running) && !EMPTY -> MOVE(running, failed); release() }
  :: !FENCE(running)
  fi;
  goto next;

undo:
  if
  :: i == N -> goto undoEnd
  :: i < N && !(made[i] == changed && undone[i] != changed) -> i++; goto undo
  :: else
  fi;
  mayCrash();
  atomic { if :: FENCE(rolling_back) -> undone[i] = open; assert(granted) :: else -> goto next fi };
  mayCrash();
  atomic {
    if :: HAS_STALE_CHECK && !MINE -> goto next :: else fi;
    assert(!inFlight);
    inFlight = true; undoing = true; answered = false; op = i
  };
  if
  :: atomic { MINE && answered -> answered = false; ok = said; said = false }
  :: atomic { !MINE && (answered || !inFlight) -> answered = false; ok = said; said = false }
  :: atomic { !MINE -> goto next }
  :: atomic { faults > 0 -> faults-- ;
       if :: FENCE(rolling_back) -> MOVE(rolling_back, unknown); crashes++; release() :: else fi ; goto next }
  fi;
  atomic {
    if
    :: FENCE(rolling_back) && ok -> undone[i] = changed; i++
    :: FENCE(rolling_back) && !ok -> undone[i] = refused; MOVE(rolling_back, rollback_failed); release(); goto next
    :: !FENCE(rolling_back) -> goto next
    fi
  };
  goto undo;

undoEnd:
  if
  :: atomic { FENCE(rolling_back) && !PARTIAL -> MOVE(rolling_back, rolled_back); release() }
  :: !FENCE(rolling_back)
  fi;
  goto next;

prove:
  mayCrash();
  if
  :: atomic { state == waiting && MINE && EMPTY -> MOVE(waiting, succeeded); release() }
  :: atomic { state == waiting && MINE && !EMPTY -> MOVE(waiting, failed); release() }
  :: !(state == waiting && MINE)
  fi;
  goto next;

settle:
  mayCrash();
  atomic {
    if
    :: !(state == unknown && MINE)
    :: state == unknown && MINE && (undone[0] != nothing || undone[1] != nothing) ->
       release();
       if
       :: (made[0] != changed || !there[0]) && (made[1] != changed || !there[1]) -> MOVE(unknown, rolled_back)
       :: else -> MOVE(unknown, rollback_failed)
       fi
    :: state == unknown && MINE && undone[0] == nothing && undone[1] == nothing ->
       release();
       if
       :: UNHEARD_ONCE && HAS_ONCE_RULE -> MOVE(unknown, needs_attention)
       :: !UNHEARD_ONCE || !HAS_ONCE_RULE ->
          reconcileResults();
          if
          :: cancel -> MOVE(unknown, cancelled)
          :: !cancel && EMPTY -> MOVE(unknown, succeeded)
          :: !cancel && crashes >= MOST_CRASHES -> MOVE(unknown, needs_attention)
          :: !cancel && crashes < MOST_CRASHES -> MOVE(unknown, queued)
          fi
       fi
    fi
  };
  goto next;

proveResolved:
  mayCrash();
  if
  :: atomic { state == needs_attention && MINE && EMPTY -> MOVE(needs_attention, succeeded); release() }
  :: atomic { state == needs_attention && MINE && !EMPTY -> resolvedInPlace = false; release() }
  :: !(state == needs_attention && MINE)
  fi;
  goto next
}

/* The target carries out what it was sent, whether or not anybody still listens. A once change has no guard of its own. */
proctype Target() {
end_target:
  do
  :: atomic { inFlight && !undoing ->
       if
       :: !there[op] || once ->
          assert(!once || effects[op] == 0);
          effects[op]++; said = true;
          /* The effect of a once change may leave nothing that a look would see. */
          if :: there[op] = true :: once fi
       :: there[op] && !once -> said = true
       :: said = false
       fi;
       answered = true; inFlight = false; op = 0; undoing = false }
  :: atomic { inFlight && undoing ->
       if :: there[op] = false; said = true :: said = false fi;
       answered = true; inFlight = false; op = 0; undoing = false }
  od
}

/* Time, and others who work on the same target. */
proctype World() {
end_world:
  do
  :: atomic { (state == awaiting_approval || state == queued || state == running || state == deferred) && !over && faults > 0 ->
       faults--; over = true }
  :: atomic { meddling > 0 -> meddling--; there[0] = true }
  /* Somebody writes to the record what nobody granted. */
  :: atomic { state == awaiting_approval && meddling > 0 -> meddling--; state = queued }
  :: atomic { meddling > 0 && !inFlight -> meddling--; foreign = true }
  :: atomic { meddling > 0 && made[0] == changed && !inFlight -> meddling--; there[0] = false }
  od
}

proctype People() {
end_people:
  do
  :: atomic { state == awaiting_approval && !over ->
       granted = true; effects[0] = 0; effects[1] = 0;
       if :: onFailureRollback = true :: onFailureRollback = false fi;
       MOVE(awaiting_approval, queued) }
  :: atomic { state == awaiting_approval -> MOVE(awaiting_approval, rejected) }
  :: atomic { state == awaiting_approval -> MOVE(awaiting_approval, superseded) }
  :: atomic { state == awaiting_approval -> MOVE(awaiting_approval, cancelled) }
  :: atomic { state == planning && faults > 0 -> faults--; MOVE(planning, cancelled) }
  :: atomic { state == deferred && faults > 0 -> faults--; MOVE(deferred, cancelled) }
  :: atomic { state == queued && faults > 0 -> faults--; MOVE(queued, cancelled) }
  :: atomic { (state == running || state == unknown) && !cancel && faults > 0 -> faults--; cancel = true }
  :: atomic { state == needs_attention && !resolvedInPlace && !inFlight && says > 0 -> says--; resolvedInPlace = true; crashes = 0 }
  :: atomic { state == needs_attention && !inFlight -> MOVE(needs_attention, failed) }
  od
}

init {
  atomic {
    c_code {
      if (getenv("WITHOUT")) now.without = atoi(getenv("WITHOUT"));
      if (getenv("FAULTS")) now.faults = atoi(getenv("FAULTS"));
      if (getenv("MEDDLING")) now.meddling = atoi(getenv("MEDDLING"));
      now.faultsAtFirst = now.faults;
    };
    if :: once = true :: once = false fi;
    if :: there[0] = true; there[1] = true :: true fi;
    if :: drifts = MOST_DRIFTS - 1 :: true fi;
    run Worker(); run Worker(); run Target(); run World(); run People()
  };
  /* Nothing can move any more, and no run is endless (the checker looks for that too): then the job has ended. */
  timeout -> assert(ENDED)
}
