package main

// The election, exactly as the real controller sets it up: a Lease lock, not released, and an exit when lost.

import (
	"context"
	"fmt"
	"time"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	corev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/record"
)

// newElector prepares the election; an error means that client-go refuses the timings or the cluster is not configured.
func newElector(config Config, namespace, identity string, callbacks leaderelection.LeaderCallbacks) (*leaderelection.LeaderElector, error) {
	cluster, err := rest.InClusterConfig()
	if err != nil {
		return nil, fmt.Errorf("cannot find the cluster from inside a pod: %w", err)
	}
	cluster.Timeout = max(time.Second, config.LeaderElection.RenewDeadline/2)
	cluster.UserAgent = "candidate/leader-election"
	client, err := kubernetes.NewForConfig(cluster)
	if err != nil {
		return nil, fmt.Errorf("cannot build the client: %w", err)
	}
	lock := &resourcelock.LeaseLock{
		LeaseMeta: meta.ObjectMeta{Namespace: namespace, Name: config.LeaderElectionID},
		Client:    client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{
			Identity:      identity,
			EventRecorder: newRecorder(client, namespace, identity),
		},
	}
	return leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock:          lock,
		LeaseDuration: config.LeaderElection.LeaseDuration,
		RenewDeadline: config.LeaderElection.RenewDeadline,
		RetryPeriod:   config.LeaderElection.RetryPeriod,
		Callbacks:     callbacks,
		Name:          config.LeaderElectionID,
		// False unless a test asks for it: the real controller never gives its Lease back.
		ReleaseOnCancel: config.Candidate.ReleaseOnCancel,
	})
}

// newRecorder sends events to core/v1 as client-go does; when they are refused it only logs.
func newRecorder(client kubernetes.Interface, namespace, identity string) resourcelock.EventRecorder {
	scheme := runtime.NewScheme()
	_ = coordination.AddToScheme(scheme)
	_ = core.AddToScheme(scheme)
	broadcaster := record.NewBroadcaster(record.WithContext(context.Background()))
	broadcaster.StartRecordingToSink(&corev1.EventSinkImpl{Interface: client.CoreV1().Events(namespace)})
	return broadcaster.NewRecorder(scheme, core.EventSource{Component: identity})
}
