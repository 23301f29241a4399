package main

// Running out of memory on demand, for tests of what the kernel does to a container beyond its limit.

import (
	"os"
	"os/signal"
	"syscall"
)

const (
	biteBytes = 4 << 20
	// mouthfuls bounds the meal at 256 MiB, for a container without a limit.
	mouthfuls = 64
)

// eatMemoryOnSignal waits in the background for one SIGUSR1.
func eatMemoryOnSignal(journal *Journal) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		<-signals
		journal.Write("eating", fields{})
		eaten := make([][]byte, 0, mouthfuls)
		for range mouthfuls {
			eaten = append(eaten, bite())
		}
		journal.Write("full", fields{"bytes": len(eaten) * biteBytes})
	}()
}

// bite touches every page, since only what is touched counts.
func bite() []byte {
	bytes := make([]byte, biteBytes)
	for at := 0; at < len(bytes); at += os.Getpagesize() {
		bytes[at] = 1
	}
	return bytes
}
