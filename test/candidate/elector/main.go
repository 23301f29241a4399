// Command elector runs client-go's own leader election, many electors in one process, for tests that set
// them against others. It does what JSON lines on standard input say, tells on standard output what
// happened, and ends with its input.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"gopkg.in/yaml.v3"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// Command is one line of the input.
type Command struct {
	Kind            string  `json:"kind"` // start or release
	Elector         string  `json:"elector"`
	Namespace       string  `json:"namespace"`
	Lease           string  `json:"lease"`
	LeaseDurationMs float64 `json:"leaseDurationMs"`
	RenewDeadlineMs float64 `json:"renewDeadlineMs"`
	RetryPeriodMs   float64 `json:"retryPeriodMs"`
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig, with a server, a CA file and a token")
	flag.Parse()
	if err := run(*kubeconfig); err != nil {
		fmt.Fprintf(os.Stderr, "elector: %v\n", err)
		os.Exit(1)
	}
}

func run(kubeconfig string) error {
	cluster, err := readKubeconfig(kubeconfig)
	if err != nil {
		return err
	}
	electors := map[string]*Elector{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var command Command
		if err := json.Unmarshal(lines.Bytes(), &command); err != nil {
			return fmt.Errorf("cannot read the command %q: %w", lines.Text(), err)
		}
		if err := obey(command, cluster, electors); err != nil {
			return err
		}
	}
	return lines.Err()
}

func obey(command Command, cluster *rest.Config, electors map[string]*Elector) error {
	switch command.Kind {
	case "start":
		// As controller-runtime bounds the requests of its election; no rate limit stands before them.
		own := rest.CopyConfig(cluster)
		own.Timeout = max(time.Second, milliseconds(command.RenewDeadlineMs)/2)
		own.QPS = -1
		client, err := kubernetes.NewForConfig(own)
		if err != nil {
			return fmt.Errorf("cannot build the client: %w", err)
		}
		elector, err := StartElector(client, command)
		if err != nil {
			return fmt.Errorf("cannot start elector %q: %w", command.Elector, err)
		}
		electors[command.Elector] = elector
		return nil
	case "release":
		elector, found := electors[command.Elector]
		if !found {
			return fmt.Errorf("cannot release elector %q: it was never started", command.Elector)
		}
		go elector.Release()
		return nil
	default:
		return fmt.Errorf("cannot do %q: the commands are start and release", command.Kind)
	}
}

// readKubeconfig knows the one form that the testbed writes; client-go's own loader would need more modules.
func readKubeconfig(path string) (*rest.Config, error) {
	var file struct {
		Clusters []struct {
			Cluster struct {
				Server string `yaml:"server"`
				CAFile string `yaml:"certificate-authority"`
			} `yaml:"cluster"`
		} `yaml:"clusters"`
		Users []struct {
			User struct {
				Token string `yaml:"token"`
			} `yaml:"user"`
		} `yaml:"users"`
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the kubeconfig: %w", err)
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		return nil, fmt.Errorf("cannot read the kubeconfig %s: %w", path, err)
	}
	if len(file.Clusters) != 1 || len(file.Users) != 1 {
		return nil, fmt.Errorf("cannot use the kubeconfig %s: it must hold one cluster and one user", path)
	}
	cluster := file.Clusters[0].Cluster
	return &rest.Config{
		Host:            cluster.Server,
		BearerToken:     file.Users[0].User.Token,
		TLSClientConfig: rest.TLSClientConfig{CAFile: cluster.CAFile},
		UserAgent:       "elector/client-go",
	}, nil
}

func milliseconds(count float64) time.Duration {
	return time.Duration(count * float64(time.Millisecond))
}
