package main

// What the stand-in promises about its configuration: the same file means the same as to the real controller.

import (
	"testing"
	"time"
)

func TestReadsAPartialFileOverTheEnvironmentAndIgnoresUnknownKeys(t *testing.T) {
	config, err := parseConfig(
		"leader_election_id: '{{ .NAME }}'\nleader_election: { lease_duration: 15s, leaseDuration: 1s }\nnew_key: 1\n"+
			"candidate: { release_on_cancel: true }\n",
		[]string{"NAME=edge"})
	if err != nil {
		t.Fatal(err)
	}
	if config.LeaderElectionID != "edge" || config.LeaderElection.LeaseDuration != 15*time.Second {
		t.Errorf("read %+v", config)
	}
	if !config.Candidate.ReleaseOnCancel || config.Candidate.PushInterval != time.Second {
		t.Errorf("read the stand-in's own block as %+v", config.Candidate)
	}
	if config.LeaderElection.RetryPeriod != 2*time.Second {
		t.Errorf("lost the default of retry_period: %+v", config.LeaderElection)
	}
}

func TestRefusesWhatTheRealControllerRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"an unknown variable":     "log_level: '{{ .MISSING }}'",
		"a bad log level":         "log_level: loud",
		"a bad match mode":        "listener_port_match_mode: on_top",
		"a YAML boolean for off":  "listener_port_match_mode: yes please",
		"an unknown provider":     "provider: { type: nginx }",
		"no sync period":          "provider: { sync_period: 0s }",
		"an empty controller":     "controller_name: ''",
		"a duration without unit": "leader_election: { lease_duration: thirty }",
	} {
		if _, err := parseConfig(text, nil); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
