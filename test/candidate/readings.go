package main

// For tests of what is written into config.yaml: whether the file is read as it was meant, key by key.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"

	"gopkg.in/yaml.v3"
)

// reading is one configuration file and the values that its writer meant.
type reading struct {
	Text  string `json:"text"`
	Meant any    `json:"meant"`
}

// CheckReadings reads lines of JSON, each a reading, and answers each with "as meant" or with what is wrong.
func CheckReadings(input io.Reader, output io.Writer, environ []string) error {
	lines, err := io.ReadAll(input)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(lines) {
		answer := "as meant"
		if err := checkReading(line, environ); err != nil {
			answer = err.Error()
		}
		if _, err := fmt.Fprintf(output, "%q\n", answer); err != nil {
			return err
		}
	}
	return nil
}

func checkReading(line []byte, environ []string) error {
	var wanted reading
	if err := json.Unmarshal(line, &wanted); err != nil {
		return err
	}
	expanded, err := expand(wanted.Text, environ)
	if err != nil {
		return err
	}
	var values any
	if err := yaml.Unmarshal(expanded, &values); err != nil {
		return err
	}
	read, err := throughJSON(values)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(read, wanted.Meant) {
		return fmt.Errorf("read %q, meant %q", read, wanted.Meant)
	}
	return nil
}

// throughJSON gives numbers and maps the types that they have on the other side of the comparison.
func throughJSON(values any) (any, error) {
	text, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	var read any
	return read, json.Unmarshal(text, &read)
}
