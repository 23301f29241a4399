// Command candidate stands in for the ingress controller in tests: the same configuration file, the same
// election on the same library, the same probes and exit codes, and no routes at all.
//
// It does not release its Lease, exits 1 when leadership is lost, and writes a journal from which a checker
// can prove that no two candidates led or pushed at once. SIGUSR1 makes it eat memory until it is killed.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"k8s.io/client-go/tools/leaderelection"
)

func main() {
	path := flag.String("c", "/app/conf/config.yaml", "path of the configuration file")
	check := flag.Bool("check-readings", false, "only tell whether configuration files on standard input are read as meant")
	flag.Parse()
	work := func() error { return run(*path) }
	if *check {
		work = func() error { return CheckReadings(os.Stdin, os.Stdout, os.Environ()) }
	}
	if err := work(); err != nil {
		fmt.Fprintf(os.Stderr, "candidate: %v\n", err)
		os.Exit(1)
	}
}

func run(path string) error {
	config, err := LoadConfig(path, os.Environ())
	if err != nil {
		return err
	}
	hostname, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("cannot tell the hostname, which is half of the identity: %w", err)
	}
	journal := &Journal{identity: hostname + "_" + newUUID()}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	eatMemoryOnSignal(journal)
	var leading atomic.Bool
	pusher := newPusher(journal, config.Candidate)
	if err := serveProbes(config.ProbeAddr); err != nil {
		return err
	}
	if err := serveMetrics(config, &leading, pusher); err != nil {
		return err
	}
	journal.Write("started", fields{"lease": config.LeaderElectionID})

	term := &term{journal: journal, pusher: pusher, leading: &leading, crashAfter: config.Candidate.CrashAfter, done: make(chan struct{})}
	if config.LeaderElection.Disable {
		term.run(ctx)
		return nil
	}
	return stand(ctx, config, term)
}

// stand waits out the slow start, then runs for election until the signal or until leadership is lost.
func stand(ctx context.Context, config Config, term *term) error {
	elector, err := newElector(config, namespace(), term.journal.identity, leaderelection.LeaderCallbacks{
		OnStartedLeading: func(elected context.Context) {
			work, stopWork := context.WithCancel(elected)
			defer stopWork()
			defer context.AfterFunc(ctx, stopWork)()
			term.run(work)
		},
		OnStoppedLeading: func() {},
	})
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case <-time.After(config.Candidate.SlowStart):
	}
	election, endElection := context.WithCancel(context.WithoutCancel(ctx))
	defer endElection()
	context.AfterFunc(ctx, func() {
		if config.Candidate.ReleaseOnCancel && term.leading.Load() {
			<-term.done // a released Lease may be taken at once, so the work ends first
		}
		endElection()
	})
	elector.Run(election) // returns when the signal came or the Lease was lost
	if ctx.Err() == nil {
		term.journal.Write("lost", fields{})
		return fmt.Errorf("leader election lost")
	}
	if term.leading.Load() {
		<-term.done // the push in flight is finished, and the Lease is not given back
	}
	term.journal.Write("exiting", fields{})
	return nil
}

// term is one time of leading: it pushes until its context ends.
type term struct {
	journal    *Journal
	pusher     *Pusher
	leading    *atomic.Bool
	crashAfter time.Duration
	done       chan struct{}
}

func (t *term) run(ctx context.Context) {
	t.leading.Store(true)
	t.journal.Write("leading", fields{})
	if t.crashAfter > 0 {
		time.AfterFunc(t.crashAfter, func() {
			t.journal.Write("crashing", fields{})
			os.Exit(1)
		})
	}
	t.pusher.Run(ctx)
	t.journal.Write("stopped", fields{})
	t.leading.Store(false)
	close(t.done)
}

// namespace is where the Lease lives; the real controller falls back to "default" as well.
func namespace() string {
	if name := os.Getenv("POD_NAMESPACE"); name != "" {
		return name
	}
	return "default"
}

// newUUID gives every process an identity of its own, also after a restart in the same pod.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
