package main

// The leader's work: pushes to a fake data plane through the sidecar, each written to the journal.

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// Pusher counts what /metrics shows.
type Pusher struct {
	journal  *Journal
	options  Candidate
	client   *http.Client
	succeeds atomic.Int64
	fails    atomic.Int64
}

func newPusher(journal *Journal, options Candidate) *Pusher {
	socket := strings.TrimPrefix(strings.TrimPrefix(os.Getenv("ADC_SERVER_URL"), "unix:"), "//")
	if socket == "" || !strings.HasPrefix(socket, "/") {
		socket = "/sockets/adc.sock"
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	return &Pusher{
		journal: journal,
		options: options,
		client:  &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 15*time.Second + options.PushDuration},
	}
}

// Run pushes until the context ends, and finishes the push in flight before it returns.
func (p *Pusher) Run(ctx context.Context) {
	for number := 1; ctx.Err() == nil; number++ {
		p.push(number)
		select {
		case <-ctx.Done():
		case <-time.After(p.options.PushInterval):
		}
	}
}

func (p *Pusher) push(number int) {
	p.journal.Write("push-begin", fields{"number": number})
	err := p.send(number)
	if err != nil {
		p.fails.Add(1)
		p.journal.Write("push-end", fields{"number": number, "result": "failure", "error": err.Error()})
		return
	}
	p.succeeds.Add(1)
	p.journal.Write("push-end", fields{"number": number, "result": "success"})
}

func (p *Pusher) send(number int) error {
	url := fmt.Sprintf("http://adc/sync?number=%d&duration_ms=%d", number, p.options.PushDuration.Milliseconds())
	request, err := http.NewRequest(http.MethodPut, url, http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("X-Identity", p.journal.identity)
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the sidecar answered %s", response.Status)
	}
	return nil
}
