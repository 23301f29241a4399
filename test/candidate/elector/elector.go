package main

// One elector: client-go's, with a lock that tells of its renewals and a work that writes while it leads.

import (
	"context"
	"sync"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// writeEvery is the pause between two writes of a leader.
const writeEvery = 50 * time.Millisecond

// Elector takes part in one election until it releases its Lease or loses it.
type Elector struct {
	journal   Journal
	cancel    context.CancelFunc
	mutex     sync.Mutex
	leads     bool
	releasing bool
	stopWork  chan struct{}
	workEnded chan struct{}
}

// StartElector begins at once; an error means that client-go refuses the timings.
func StartElector(client kubernetes.Interface, command Command) (*Elector, error) {
	elector := &Elector{
		journal:   Journal{elector: command.Elector, lease: command.Lease},
		stopWork:  make(chan struct{}),
		workEnded: make(chan struct{}),
	}
	lock := &resourcelock.LeaseLock{
		LeaseMeta:  meta.ObjectMeta{Namespace: command.Namespace, Name: command.Lease},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: command.Elector},
	}
	election, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock:            tellingLock{Interface: lock, journal: elector.journal, looked: &sync.Once{}},
		LeaseDuration:   milliseconds(command.LeaseDurationMs),
		RenewDeadline:   milliseconds(command.RenewDeadlineMs),
		RetryPeriod:     milliseconds(command.RetryPeriodMs),
		ReleaseOnCancel: true,
		Name:            command.Lease,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: elector.work,
			OnStoppedLeading: func() {},
		},
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	elector.cancel = cancel
	go elector.run(ctx, election)
	return elector, nil
}

// Release stops the work before the Lease is given up, as client-go asks of its callers.
func (e *Elector) Release() {
	e.mutex.Lock()
	e.releasing = true
	leads := e.leads
	e.mutex.Unlock()
	close(e.stopWork)
	if leads {
		<-e.workEnded
	}
	e.cancel()
}

func (e *Elector) run(ctx context.Context, election *leaderelection.LeaderElector) {
	election.Run(ctx)
	e.mutex.Lock()
	led := e.leads
	e.mutex.Unlock()
	switch {
	case ctx.Err() == nil:
		<-e.workEnded
		e.journal.Ended("lost")
	case led && election.IsLeader():
		e.journal.Ended("unreleased")
	case led:
		e.journal.Ended("released")
	default:
		e.journal.Ended("never-led")
	}
}

// work writes until its context ends or a release is asked for. It does not begin once that is so.
func (e *Elector) work(ctx context.Context) {
	defer close(e.workEnded)
	e.mutex.Lock()
	e.leads = !e.releasing
	e.mutex.Unlock()
	if !e.leads {
		return
	}
	e.journal.Tell("leading", monotonicNanos())
	defer func() { e.journal.Tell("stopped", monotonicNanos()) }()
	ticker := time.NewTicker(writeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.stopWork:
			return
		case <-ticker.C:
			e.journal.Tell("write", monotonicNanos())
		}
	}
}

// tellingLock tells of the first look, once it is over, and of the records that are sent and taken.
type tellingLock struct {
	resourcelock.Interface
	journal Journal
	looked  *sync.Once
}

func (l tellingLock) Get(ctx context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	record, raw, err := l.Interface.Get(ctx)
	l.looked.Do(func() { l.journal.Tell("looked", monotonicNanos()) })
	return record, raw, err
}

func (l tellingLock) Create(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	return l.write(record, func() error { return l.Interface.Create(ctx, record) })
}

func (l tellingLock) Update(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	return l.write(record, func() error { return l.Interface.Update(ctx, record) })
}

func (l tellingLock) write(record resourcelock.LeaderElectionRecord, send func() error) error {
	sentAt := monotonicNanos()
	if record.HolderIdentity == "" {
		l.journal.Tell("releasing", sentAt)
	}
	err := send()
	if err == nil && record.HolderIdentity != "" {
		l.journal.Tell("renewed", sentAt)
	}
	return err
}
