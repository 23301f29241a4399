package main

// Reading config.yaml as the real controller does: a Go template over the environment, then YAML with
// snake_case keys, unknown keys ignored, and refusal of what the real one refuses.

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/template"
	"time"

	"gopkg.in/yaml.v3"
)

// Config holds the keys of the real file that change what the candidate does or accepts.
type Config struct {
	LogLevel              string         `yaml:"log_level"`
	ControllerName        string         `yaml:"controller_name"`
	LeaderElectionID      string         `yaml:"leader_election_id"`
	LeaderElection        LeaderElection `yaml:"leader_election"`
	MetricsAddr           string         `yaml:"metrics_addr"`
	ProbeAddr             string         `yaml:"probe_addr"`
	ListenerPortMatchMode string         `yaml:"listener_port_match_mode"`
	Provider              Provider       `yaml:"provider"`
	Candidate             Candidate      `yaml:"candidate"`
}

// LeaderElection has the timings as Go durations.
type LeaderElection struct {
	LeaseDuration time.Duration `yaml:"lease_duration"`
	RenewDeadline time.Duration `yaml:"renew_deadline"`
	RetryPeriod   time.Duration `yaml:"retry_period"`
	Disable       bool          `yaml:"disable"`
}

// Provider is read only to refuse what the real controller refuses.
type Provider struct {
	Type       string        `yaml:"type"`
	SyncPeriod time.Duration `yaml:"sync_period"`
}

// Candidate is the stand-in's own block, which the real controller would ignore as unknown.
type Candidate struct {
	// SlowStart is how long the process is Ready before it stands for election.
	SlowStart time.Duration `yaml:"slow_start"`
	// CrashAfter makes the process exit 1 that long after it became leader; 0 never.
	CrashAfter time.Duration `yaml:"crash_after"`
	// PushInterval is the pause between two pushes.
	PushInterval time.Duration `yaml:"push_interval"`
	// PushDuration is how long the sidecar takes for a push.
	PushDuration time.Duration `yaml:"push_duration"`
	// ReleaseOnCancel gives the Lease back on SIGTERM, once the work has ended; the real controller never does.
	ReleaseOnCancel bool `yaml:"release_on_cancel"`
}

// defaults are the real binary's, except for the block of our own.
func defaults() Config {
	return Config{
		LogLevel:         "info",
		ControllerName:   "apisix.apache.org/apisix-ingress-controller",
		LeaderElectionID: "apisix-ingress-gateway-leader",
		LeaderElection: LeaderElection{
			LeaseDuration: 30 * time.Second,
			RenewDeadline: 20 * time.Second,
			RetryPeriod:   2 * time.Second,
		},
		MetricsAddr:           ":8080",
		ProbeAddr:             ":8081",
		ListenerPortMatchMode: "off",
		Provider:              Provider{Type: "apisix", SyncPeriod: time.Hour},
		Candidate:             Candidate{PushInterval: time.Second, PushDuration: 50 * time.Millisecond},
	}
}

// LoadConfig reads, expands, parses and checks the file; environ has the form of os.Environ().
func LoadConfig(path string, environ []string) (Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("cannot read the configuration: %w", err)
	}
	config, err := parseConfig(string(text), environ)
	if err != nil {
		return Config{}, fmt.Errorf("cannot use the configuration %s: %w", path, err)
	}
	return config, nil
}

func parseConfig(text string, environ []string) (Config, error) {
	expanded, err := expand(text, environ)
	if err != nil {
		return Config{}, err
	}
	config := defaults()
	if err := yaml.Unmarshal(expanded, &config); err != nil {
		return Config{}, err
	}
	return config, config.check()
}

// expand runs the text as a template over the environment; an unknown variable is an error.
func expand(text string, environ []string) ([]byte, error) {
	variables := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		variables[name] = value
	}
	parsed, err := template.New("config").Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, err
	}
	var expanded bytes.Buffer
	err = parsed.Execute(&expanded, variables)
	return expanded.Bytes(), err
}

// zapLevels are the words that zap's Level.UnmarshalText takes, in lower and upper case.
var zapLevels = []string{"debug", "info", "warn", "warning", "error", "dpanic", "panic", "fatal"}

func (c Config) check() error {
	var problems []error
	refuse := func(broken bool, format string, values ...any) {
		if broken {
			problems = append(problems, fmt.Errorf(format, values...))
		}
	}
	level := c.LogLevel
	if level == strings.ToUpper(level) {
		level = strings.ToLower(level)
	}
	refuse(!slices.Contains(zapLevels, level), "log_level %q is not one of %v", c.LogLevel, zapLevels)
	refuse(c.ControllerName == "", "controller_name must not be empty")
	modes := []string{"auto", "explicit", "off"}
	refuse(!slices.Contains(modes, c.ListenerPortMatchMode),
		"listener_port_match_mode %q is not one of %v", c.ListenerPortMatchMode, modes)
	types := []string{"apisix", "apisix-standalone", "api7ee"}
	refuse(!slices.Contains(types, c.Provider.Type), "provider.type %q is not one of %v", c.Provider.Type, types)
	refuse(c.Provider.Type != "api7ee" && c.Provider.SyncPeriod <= 0,
		"provider.sync_period must be greater than 0, but is %s", c.Provider.SyncPeriod)
	return errors.Join(problems...)
}
