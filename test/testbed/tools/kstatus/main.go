// Command kstatus tells how far the objects on its standard input have come, as GitOps tools see them.
//
// It reads one JSON object after another and answers each with one line, {"status":…,"message":…},
// computed by the very library that Flux, Helm and Argo-like tools wait with. It talks to no cluster.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type answer struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "kstatus: %v\n", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	objects, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var text json.RawMessage
		if err := objects.Decode(&text); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("cannot read an object from standard input: %w", err)
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(text); err != nil { // integers stay integers, unlike with encoding/json
			return fmt.Errorf("cannot take %.80q for a Kubernetes object: %w", text, err)
		}
		result, err := status.Compute(object)
		if err != nil {
			return fmt.Errorf("cannot compute the status of %s %q: %w", object.GetKind(), object.GetName(), err)
		}
		if err := answers.Encode(answer{Status: result.Status.String(), Message: result.Message}); err != nil {
			return fmt.Errorf("cannot write the answer: %w", err)
		}
	}
}
