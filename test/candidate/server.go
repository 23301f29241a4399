package main

// What a kubelet and Prometheus see: probes that are plain pings, and two of the real metrics.

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
)

// serveProbes answers /healthz and /readyz with 200 from now on, leader or not, as the real controller does.
func serveProbes(address string) error {
	pong := func(response http.ResponseWriter, _ *http.Request) { _, _ = response.Write([]byte("ok")) }
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", pong)
	mux.HandleFunc("/readyz", pong)
	return serve(address, mux)
}

// serveMetrics shows leadership and the count of pushes in Prometheus' text format; "0" turns it off.
func serveMetrics(config Config, leading *atomic.Bool, pusher *Pusher) error {
	if config.MetricsAddr == "0" {
		return nil
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/metrics", func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		status := 0
		if leading.Load() {
			status = 1
		}
		_, _ = fmt.Fprintf(response, "# HELP leader_election_master_status Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease. Please make sure to group by name.\n"+
			"# TYPE leader_election_master_status gauge\nleader_election_master_status{name=%q} %d\n", config.LeaderElectionID, status)
		_, _ = fmt.Fprint(response, "# HELP apisix_ingress_adc_sync_total Total number of ADC sync operations\n# TYPE apisix_ingress_adc_sync_total counter\n")
		for _, series := range []struct {
			status string
			count  int64
		}{{"failure", pusher.fails.Load()}, {"success", pusher.succeeds.Load()}} {
			if series.count > 0 {
				_, _ = fmt.Fprintf(response, "apisix_ingress_adc_sync_total{status=%q} %d\n", series.status, series.count)
			}
		}
	})
	return serve(config.MetricsAddr, mux)
}

func serve(address string, handler http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	go func() { _ = http.Serve(listener, handler) }()
	return nil
}
