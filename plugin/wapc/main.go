// Wapc is a guest for hosts of waPC, written without its SDK: host.go has what that would bring. It greets, and it is a policy for
// Kubewarden: pods whose images have no fixed version are refused, others get a label.
package main

import (
	"encoding/json"
	"errors"
	"strings"
)

// The operations that a host can call, by name.
var operations = map[string]func(payload []byte) ([]byte, error){
	"greet":             greet,
	"validate":          validate,
	"validate_settings": validateSettings,
	"protocol_version":  func([]byte) ([]byte, error) { return []byte(`"v1"`), nil },
}

// greet asks the host for a greeting.
func greet(name []byte) ([]byte, error) {
	if len(name) == 0 {
		return nil, errors.New("whom? The payload is empty")
	}
	consoleLog("greeting " + string(name))
	greeting := ask("sample", "greetings", "find", string(name))
	if !greeting.ok {
		return nil, errors.New("no greeting: " + string(greeting.bytes))
	}
	return []byte(string(greeting.bytes) + ", " + string(name) + "!"), nil
}

type settings struct {
	// Label is the name of the label that a pod gets.
	Label string `json:"label"`
}

type pod struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   map[string]any `json:"metadata"`
	Spec       map[string]any `json:"spec"`
}

// images are those of a pod's containers.
func (p pod) images() []string {
	var images []string
	containers, _ := p.Spec["containers"].([]any)
	for _, container := range containers {
		container, _ := container.(map[string]any)
		if image, ok := container["image"].(string); ok {
			images = append(images, image)
		}
	}
	return images
}

type response struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message,omitempty"`
	Code     int    `json:"code,omitempty"`
	Mutated  *pod   `json:"mutated_object,omitempty"`
}

// validate says whether an object may be made, and what it is to be instead.
func validate(payload []byte) ([]byte, error) {
	var given struct {
		Request struct {
			Object pod `json:"object"`
		} `json:"request"`
		Settings settings `json:"settings"`
	}
	if err := json.Unmarshal(payload, &given); err != nil {
		return nil, err
	}
	object := given.Request.Object
	for _, image := range object.images() {
		_, version, _ := strings.Cut(image, ":")
		if version == "" || version == "latest" {
			ask("kubewarden", "tracing", "log", `{"level":"info","message":"refused `+image+`"}`)
			return json.Marshal(response{Message: "the image " + image + " has no fixed version", Code: 403})
		}
	}
	if given.Settings.Label == "" {
		return json.Marshal(response{Accepted: true})
	}
	labels, _ := object.Metadata["labels"].(map[string]any)
	if labels == nil {
		labels = map[string]any{}
	}
	labels[given.Settings.Label] = "yes"
	if object.Metadata == nil {
		object.Metadata = map[string]any{}
	}
	object.Metadata["labels"] = labels
	return json.Marshal(response{Accepted: true, Mutated: &object})
}

// validateSettings says whether the settings make sense.
func validateSettings(payload []byte) ([]byte, error) {
	var given settings
	if err := json.Unmarshal(payload, &given); err != nil {
		return json.Marshal(map[string]any{"valid": false, "message": err.Error()})
	}
	if strings.Contains(given.Label, " ") {
		return json.Marshal(map[string]any{"valid": false, "message": "a label has no spaces"})
	}
	return json.Marshal(map[string]any{"valid": true})
}

// main is never called in a reactor, but Go wants one.
func main() {}
