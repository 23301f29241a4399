package main

// The journal: JSON lines on standard output with a clock that compares across all processes of one machine.

import (
	"encoding/json"
	"os"
	"sync"
	"syscall"
	"unsafe"
)

// Journal tells what happened to one elector.
type Journal struct {
	elector string
	lease   string
}

type event struct {
	Kind    string `json:"kind"`
	Elector string `json:"elector"`
	Lease   string `json:"lease"`
	AtNs    int64  `json:"atNs"`
	How     string `json:"how,omitempty"`
}

// Tell writes one line: looked, leading, stopped, write, renewed or releasing.
func (j Journal) Tell(kind string, atNs int64) {
	writeLine(event{Kind: kind, Elector: j.elector, Lease: j.lease, AtNs: atNs})
}

// Ended writes the last line of an elector: released, unreleased, never-led or lost.
func (j Journal) Ended(how string) {
	writeLine(event{Kind: "ended", Elector: j.elector, Lease: j.lease, AtNs: monotonicNanos(), How: how})
}

var output sync.Mutex

func writeLine(line event) {
	output.Lock()
	defer output.Unlock()
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
