package main

// The journal: JSON lines on standard output with a clock that compares across all processes of one machine.

import (
	"encoding/json"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type fields map[string]any

// Journal writes one line an event, each with the writer's identity.
type Journal struct {
	identity string
	mutex    sync.Mutex
}

// Write adds the event, the wall clock and the monotonic clock to the fields. It never fails the caller.
func (j *Journal) Write(event string, extra fields) {
	line := fields{"event": event, "identity": j.identity, "time": time.Now().UTC().Format(time.RFC3339Nano)}
	for key, value := range extra {
		line[key] = value
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	line["mono_ns"] = monotonicNanos()
	_ = json.NewEncoder(os.Stdout).Encode(line)
}

// monotonicNanos reads CLOCK_MONOTONIC, which counts from the machine's boot for every process alike
// (Go's own monotonic reading cannot leave the process).
func monotonicNanos() int64 {
	const clockMonotonic = 1
	var spec syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&spec)), 0); errno != 0 {
		panic(errno)
	}
	return spec.Nano()
}
