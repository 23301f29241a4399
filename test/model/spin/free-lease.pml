/*
 * How the operator frees the Lease of a dead leader, as a Spin model.
 *
 * Safety: when a write of the operator frees the Lease, the process of its holder is dead at that
 * instant. This is the assertion in `Put`.
 * Liveness (LIVENESS): while nobody alive holds the Lease, somebody alive will. Expiry alone gives
 * that, so it holds without the operator too (NO_OPERATOR), and not without expiry (NO_EXPIRY).
 *
 * Who is who:
 *   Candidate  an elector. 1 to 3 are incarnations of one container, restarted in the same pod,
 *              and crash at any time. 4 is a standby in another pod. All are as slow or cut off as
 *              can be: only where fairness is asked for must anybody ever take a step.
 *   Kubelet    sees exits, loses a container that may live on, restarts beside it, reports late.
 *   User       deletes the pod, gracefully or by force: then its object goes before its processes.
 *   Watch      brings Lease and pod into the operator's caches, late, and skips what was between.
 *              What it brings of a pod may be out of date by then (`wire`).
 *   Operator   binds, believes, waits, looks. Forgets all at a restart, or is replaced while its
 *              write is under way.
 *   Put        a write under way, of this operator or of the one before it. Lands at any time.
 *
 * A holder's identity is the number of its incarnation, and the operator does not know that. It
 * knows only in which order things happened on the node, from what the node's clock has written:
 * acquireTime of the Lease, startedAt and finishedAt of the container.
 *
 * Each mutant removes one guard, and a living leader is cleared:
 *   NO_RESOURCE_VERSION  the write carries no resourceVersion
 *   NO_HOLDER_CHECK      the live look does not ask whether the holder is still the one that died
 *   NO_CONTAINER_ID      the exit of any incarnation counts, not only of the one that was bound
 *   NO_REASON_FILTER     a lost container counts as one that exited (ContainerStatusUnknown)
 *   ABSENCE_IS_DEATH     a pod without an object counts as dead
 *   NO_START_TIME        binds also to a container that started after the Lease was taken
 *   NO_EXIT_TIME         believes also in an exit that was before the Lease was taken, unless the
 *                        next incarnation is reported already
 *   NO_QUIET_CHECK       a crash is believed at once. Harmful only with KUBELET_ERRS.
 *
 * Either of the two witnesses is enough, so they are checked apart. With NO_QUIET_CHECK the kubelet
 * speaks alone, and leaders are slow. With KUBELET_ERRS it reports exits that never were, leaders
 * renew in time, and nobody deletes the pod, since then the operator asks for no second witness.
 *
 * Abstracted:
 *   - Time. What may happen after a while may happen at once, the expiry of a Lease included. Only
 *     with KUBELET_ERRS must a living holder renew before the quiet time is over. The node's clock
 *     tells the true order; the rules for two times within one second are not here.
 *   - A resourceVersion is the latest one or it is not. Nothing else is ever asked of it.
 *   - Fewer guards than the operator has: no live GET of the pod, no look at whether the Lease
 *     rests when the kubelet stops the pod. What is safe without them is safe with them. A
 *     container may even be started again while its pod is being deleted.
 *   - Left out: names of pods, shapes and versions that are refused, limits, modes, clearDelay,
 *     nodes that are not ready, a Lease deleted by hand, a write that lands after its process died.
 *
 * By hand: spin -DNO_EXIT_TIME -a free-lease.pml && gcc -DSAFETY -DBFS -o pan pan.c && ./pan
 *          spin -DNO_EXIT_TIME -t -p -g free-lease.pml
 */

#ifndef INCARNATIONS
#define INCARNATIONS 3
#endif
#define NOBODY  0
#define STANDBY 4

/* ---- guards, and what is left of them in a mutant */

#ifdef NO_RESOURCE_VERSION
#define MAY_LAND(put) true
#else
#define MAY_LAND(put) putIsLatest[put]
#endif

#ifdef NO_HOLDER_CHECK
#define STILL_HOLDS(who) true
#else
#define STILL_HOLDS(who) (holder == who)
#endif

#ifdef NO_CONTAINER_ID
#define IS_BOUND(nr) true
#else
#define IS_BOUND(nr) (nr == boundTo)
#endif

#ifdef NO_REASON_FILTER
#define IS_EXIT(state) (state == EXITED || state == LOST)
#else
#define IS_EXIT(state) (state == EXITED)
#endif

#ifdef ABSENCE_IS_DEATH
#define ABSENT gone
#else
#define ABSENT false
#endif

#ifdef NO_START_TIME
#define STARTED_BEFORE_TAKEN(nr, who) true
#else
#define STARTED_BEFORE_TAKEN(nr, who) (nr <= who)
#endif

#ifdef NO_EXIT_TIME
#define EXITED_AFTER_TAKEN(nr, who) true
#else
#define EXITED_AFTER_TAKEN(nr, who) (nr >= who)
#endif

#ifdef NO_QUIET_CHECK
#define HAS_RESTED true
#else
#define HAS_RESTED (rested && cacheIsLatest)
#endif

/* ---- the world, where it is not as usual */

#ifdef KUBELET_ERRS
#define SEES_EXIT(nr) true
#define QUIET_TIME_ENDS (!cacheIsLatest || !alive[holder])
#else
#define SEES_EXIT(nr) (!alive[nr])
#define QUIET_TIME_ENDS true
#endif

/* For safety a Lease may expire at any moment. For liveness the standby must have seen it rest. */
#ifdef NO_EXPIRY
#define EXPIRED(me) false
#else
#ifdef LIVENESS
#define EXPIRED(me) (me != STANDBY || standbySawLatest)
#else
#define EXPIRED(me) true
#endif
#endif

mtype = { RUNNING, EXITED, LOST, CRASHED, STOPPED };
#define NONE 0

/* What is told of a pod's container: which incarnation, its state, and that of the one before. */
typedef Pod {
  byte nr;
  mtype now;
  mtype before;
  bool deleting
}

/* ---- the truth */
bool alive[5]; /* alive[NOBODY] stays false */
Pod kubelet;   /* what the kubelet thinks */

/* ---- the API server */
byte holder;
Pod api;
bool gone;             /* the pod's object */
bool standbySawLatest; /* versions: who has seen the latest one */
bool cacheIsLatest;
bool putIsLatest[2];
bool putPending[2];
#define OWN 0
#define OLD 1 /* of the operator before this one */

/* ---- the operator */
Pod wire; /* on the way to its cache */
Pod cached;
byte cachedHolder;
bool sawRenewal;
byte boundHolder;
byte boundTo;
mtype death; /* NONE, CRASHED, or STOPPED: the pod was being deleted */
bool rested;

inline writeLease(who) {
  holder = who;
  standbySawLatest = false; cacheIsLatest = false;
  putIsLatest[OWN] = false; putIsLatest[OLD] = false
}

inline copyPod(from, to) {
  to.nr = from.nr; to.now = from.now; to.before = from.before; to.deleting = from.deleting
}
#define DIFFER(a, b) (a.nr != b.nr || a.now != b.now || a.deleting != b.deleting)

inline bind(who, container) {
  boundHolder = who; boundTo = container; death = NONE; rested = false
}

proctype Candidate(byte me) {
  do
  :: d_step { alive[me] && holder == me -> writeLease(me) } /* renews */
  :: d_step { alive[me] && holder == NOBODY -> writeLease(me) }
  :: d_step { alive[me] && holder != me && EXPIRED(me) -> writeLease(me) }
#ifdef LIVENESS
  :: d_step { me == STANDBY && !standbySawLatest -> standbySawLatest = true }
#endif
  :: d_step { me != STANDBY && alive[me] -> alive[me] = false }
  od
}

proctype Kubelet() {
  do
  :: d_step { kubelet.now == RUNNING && SEES_EXIT(kubelet.nr) -> kubelet.now = EXITED }
  :: d_step { kubelet.now == RUNNING -> kubelet.now = LOST }
  :: d_step { kubelet.now != RUNNING && kubelet.nr < INCARNATIONS ->
       kubelet.before = kubelet.now;
       kubelet.nr++;
       kubelet.now = RUNNING;
       alive[kubelet.nr] = true }
  :: d_step { !gone && (api.nr != kubelet.nr || api.now != kubelet.now) ->
       api.nr = kubelet.nr; api.now = kubelet.now; api.before = kubelet.before }
  od
}

proctype User() {
  do
  :: d_step { !api.deleting -> api.deleting = true }
  :: d_step { api.deleting && !gone -> gone = true }
  od
}

proctype Watch() {
  do
  :: d_step { !cacheIsLatest ->
       sawRenewal = (holder == cachedHolder && holder != NOBODY && holder != STANDBY);
       cachedHolder = holder;
       cacheIsLatest = true;
       rested = false;
       if
       :: holder != NOBODY && holder != boundHolder -> bind(NOBODY, 0)
       :: else
       fi }
  :: d_step { DIFFER(wire, api) -> copyPod(api, wire) }
  :: d_step { DIFFER(cached, wire) -> copyPod(wire, cached) }
  od
}

/* The incarnation that the cache tells of has exited. Or the one before it has: then the holder
   must have taken the Lease before the next one was started. */
#define EXIT_NOW (IS_EXIT(cached.now) && IS_BOUND(cached.nr) && \
  EXITED_AFTER_TAKEN(cached.nr, boundHolder))
#define EXIT_BEFORE (IS_EXIT(cached.before) && IS_BOUND(cached.nr - 1) && boundHolder < cached.nr)
#define BOUND (boundHolder != NOBODY)

proctype Operator() {
  do
  :: d_step { sawRenewal && cached.now == RUNNING && cached.nr != boundTo &&
       STARTED_BEFORE_TAKEN(cached.nr, cachedHolder) -> bind(cachedHolder, cached.nr) }
  :: d_step { BOUND && death == NONE && (EXIT_NOW || EXIT_BEFORE || ABSENT) -> death = CRASHED }
  :: d_step { BOUND && death != STOPPED && EXIT_NOW && cached.deleting -> death = STOPPED }
  :: d_step { death == CRASHED && !rested && QUIET_TIME_ENDS -> rested = true }
     /* the live look: the version that it reads is the precondition of the write */
  :: d_step { death == CRASHED && HAS_RESTED && STILL_HOLDS(boundHolder) && !putPending[OWN] ->
       putPending[OWN] = true; putIsLatest[OWN] = true }
  :: d_step { death == STOPPED && STILL_HOLDS(boundHolder) && !putPending[OWN] ->
       putPending[OWN] = true; putIsLatest[OWN] = true }
     /* restarts, or is replaced by one that has followed: with its memory or without */
  :: d_step { BOUND -> bind(NOBODY, 0) }
  :: d_step { putPending[OWN] && !putPending[OLD] ->
       putPending[OLD] = true; putIsLatest[OLD] = putIsLatest[OWN];
       putPending[OWN] = false; putIsLatest[OWN] = false }
  od
}

proctype Put(byte put) {
  do
  :: d_step { putPending[put] && MAY_LAND(put) ->
       assert(!alive[holder]);
       writeLease(NOBODY);
       putPending[put] = false;
       if
       :: put == OWN -> bind(NOBODY, 0) /* once for each holder */
       :: else
       fi }
  :: d_step { putPending[put] && !MAY_LAND(put) -> putPending[put] = false } /* 409 */
  od
}

init {
  atomic {
    alive[1] = true;
    alive[STANDBY] = true;
    kubelet.nr = 1;
    kubelet.now = RUNNING;
    copyPod(kubelet, api); copyPod(kubelet, wire); copyPod(kubelet, cached);
    run Candidate(1); run Candidate(2); run Candidate(3); run Candidate(STANDBY);
    run Kubelet();
#ifndef KUBELET_ERRS
    run User();
#endif
#ifndef NO_OPERATOR
    run Watch(); run Operator(); run Put(OWN); run Put(OLD)
#endif
  }
}

#ifdef LIVENESS
ltl another { [] (!alive[holder] -> <> alive[holder]) }
#endif
