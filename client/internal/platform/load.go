package platform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxSecretFile bounds a file named by client_secret_file, in bytes.
const maxSecretFile = 64 << 10

// integrationDocument is one entry of the YAML list. Its tags are the known
// keys.
type integrationDocument struct {
	ID                    string      `yaml:"id"`
	Title                 string      `yaml:"title"`
	Issuer                string      `yaml:"issuer"`
	Grants                []string    `yaml:"grants"`
	AuthorizationEndpoint string      `yaml:"authorization_endpoint"`
	TokenEndpoint         string      `yaml:"token_endpoint"`
	RevocationEndpoint    string      `yaml:"revocation_endpoint"`
	APIBase               string      `yaml:"api_base"`
	ApplicationEndpoint   string      `yaml:"application_endpoint"`
	ClientID              string      `yaml:"client_id"`
	ClientSecret          string      `yaml:"client_secret"`
	ClientSecretEnv       string      `yaml:"client_secret_env"`
	ClientSecretFile      string      `yaml:"client_secret_file"`
	ClientAuth            string      `yaml:"client_auth"`
	Scopes                []string    `yaml:"scopes"`
	PKCE                  string      `yaml:"pkce"`
	SendsIssuer           bool        `yaml:"sends_issuer"`
	Refresh               refreshRule `yaml:"refresh"`
}

type refreshRule struct {
	Replay string `yaml:"replay"`
	Window string `yaml:"window"`
}

// fault is one thing wrong with one key of one integration.
type fault struct {
	key     string // "client_auth", "refresh.window"
	message string
}

// LoadIntegrations reads a YAML document of the form "platforms: [ … ]".
// Unknown keys are refused, and every fault is listed at once with its path
// and line. source names the document in errors.
func LoadIntegrations(source string, document []byte) ([]Integration, error) {
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(document))
	if err := decoder.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: not a YAML document: %w", source, err)
	}
	entries, faults := platformEntries(source, &root)
	var integrations []Integration
	for index, entry := range entries {
		integration, found := loadIntegration(entry)
		found = append(found, integration.faults()...)
		for _, one := range found {
			faults = append(faults, fmt.Errorf("%s:%d: platforms[%d].%s: %s",
				source, lineOf(entry, one.key), index, one.key, one.message))
		}
		integrations = append(integrations, integration)
	}
	for _, one := range repeatedIDs(integrations) {
		faults = append(faults, fmt.Errorf("%s: platforms[%d].id: %s", source, one.index, one.message))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return integrations, nil
}

// platformEntries returns the items of the one top-level key.
func platformEntries(source string, root *yaml.Node) ([]*yaml.Node, []error) {
	if len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		return nil, []error{fmt.Errorf(`%s: write a mapping with the key "platforms"`, source)}
	}
	var entries []*yaml.Node
	var faults []error
	top := root.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		switch {
		case key.Value != "platforms":
			faults = append(faults, fmt.Errorf(`%s:%d: %s: unknown key; the only one here is "platforms"`, source, key.Line, key.Value))
		case value.Kind != yaml.SequenceNode:
			faults = append(faults, fmt.Errorf("%s:%d: platforms: write a list", source, value.Line))
		default:
			entries = value.Content
		}
	}
	if len(entries) == 0 && len(faults) == 0 {
		faults = append(faults, fmt.Errorf("%s: platforms: list at least one platform", source))
	}
	return entries, faults
}

// loadIntegration decodes one entry; what cannot be decoded is a fault and
// stays empty.
func loadIntegration(entry *yaml.Node) (Integration, []fault) {
	if entry.Kind != yaml.MappingNode {
		return Integration{}, []fault{{"", "write a mapping of keys"}}
	}
	faults := unknownKeys(entry, reflect.TypeFor[integrationDocument](), "")
	var document integrationDocument
	var wrong *yaml.TypeError
	if err := entry.Decode(&document); errors.As(err, &wrong) {
		for _, message := range wrong.Errors {
			faults = append(faults, fault{"", message})
		}
	} else if err != nil {
		faults = append(faults, fault{"", err.Error()})
	}
	secret, found := loadSecret(document)
	faults = append(faults, found...)
	var window time.Duration
	if document.Refresh.Window != "" {
		var err error
		if window, err = time.ParseDuration(document.Refresh.Window); err != nil {
			faults = append(faults, fault{"refresh.window", `write a duration such as "30s"`})
		}
	}
	return Integration{
		ID: document.ID, Title: document.Title, Issuer: document.Issuer, Grants: document.Grants,
		AuthorizationEndpoint: document.AuthorizationEndpoint, TokenEndpoint: document.TokenEndpoint,
		RevocationEndpoint: document.RevocationEndpoint, APIBase: document.APIBase,
		ApplicationEndpoint: document.ApplicationEndpoint,
		ClientID:            document.ClientID, ClientSecret: secret, ClientAuth: document.ClientAuth,
		Scopes: document.Scopes, PKCE: document.PKCE, SendsIssuer: document.SendsIssuer,
		Refresh: RefreshRule{Replay: document.Refresh.Replay, Window: window},
	}.WithDefaults(), faults
}

// loadSecret takes the client secret from the one place that names it.
func loadSecret(document integrationDocument) (Secret, []fault) {
	places := 0
	for _, value := range []string{document.ClientSecret, document.ClientSecretEnv, document.ClientSecretFile} {
		if value != "" {
			places++
		}
	}
	if places > 1 {
		return "", []fault{{"client_secret", "name the secret once: client_secret, client_secret_env or client_secret_file"}}
	}
	switch {
	case document.ClientSecretEnv != "":
		value := os.Getenv(document.ClientSecretEnv)
		if value == "" {
			return unset, []fault{{"client_secret_env", fmt.Sprintf("the environment variable %s is not set", document.ClientSecretEnv)}}
		}
		return Secret(value), nil
	case document.ClientSecretFile != "":
		value, err := readSecretFile(document.ClientSecretFile)
		if err != nil {
			return unset, []fault{{"client_secret_file", err.Error()}}
		}
		return value, nil
	}
	return Secret(document.ClientSecret), nil
}

// unset stands for a secret whose place is named but cannot be read, so that
// one cause gives one fault.
const unset Secret = "unset"

func readSecretFile(path string) (Secret, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxSecretFile+1))
	if err != nil {
		return "", err
	}
	value := strings.TrimRight(string(content), "\r\n")
	if value == "" || len(content) > maxSecretFile {
		return "", fmt.Errorf("%s: put the secret alone on one line", path)
	}
	return Secret(value), nil
}

// unknownKeys compares the keys of a mapping with the yaml tags of a struct,
// and those of nested mappings with theirs.
func unknownKeys(node *yaml.Node, shape reflect.Type, prefix string) []fault {
	var faults []fault
	known := map[string]reflect.Type{}
	var names []string
	for i := range shape.NumField() {
		name := shape.Field(i).Tag.Get("yaml")
		known[name] = shape.Field(i).Type
		names = append(names, name)
	}
	slices.Sort(names)
	for i := 0; i+1 < len(node.Content); i += 2 {
		name := node.Content[i].Value
		inner, ok := known[name]
		switch {
		case !ok:
			faults = append(faults, fault{prefix + name, "unknown key; known are " + strings.Join(names, ", ")})
		case inner.Kind() == reflect.Struct && node.Content[i+1].Kind == yaml.MappingNode:
			faults = append(faults, unknownKeys(node.Content[i+1], inner, prefix+name+".")...)
		}
	}
	return faults
}

// lineOf finds the line of a key path in a mapping, or of the mapping itself
// when the key is missing.
func lineOf(node *yaml.Node, path string) int {
	name, rest, nested := strings.Cut(path, ".")
	if node.Kind != yaml.MappingNode {
		return node.Line
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value != name {
			continue
		}
		if nested && node.Content[i+1].Kind == yaml.MappingNode {
			return lineOf(node.Content[i+1], rest)
		}
		return node.Content[i].Line
	}
	return node.Line
}
