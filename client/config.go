package client

import (
	"github.com/mint-conformance/mint/client/internal/platform"
	"github.com/mint-conformance/mint/client/internal/vault"
)

// Integration is one advertising platform that MINT's customers can connect.
type Integration = platform.Integration

// RefreshRule is what MINT may expect when it repeats a refresh request.
type RefreshRule = platform.RefreshRule

// Secret is a string that prints as "[redacted]".
type Secret = platform.Secret

// LoadIntegrations reads a YAML document of integrations. Unknown keys are
// refused, and every fault is listed at once, each with its path and line.
// source names the document in errors.
func LoadIntegrations(source string, document []byte) ([]Integration, error) {
	return platform.LoadIntegrations(source, document)
}

// ValidateIntegrations lists every fault of integrations built in code.
func ValidateIntegrations(integrations []Integration) error {
	return platform.ValidateIntegrations(integrations)
}

// GenerateKeyring writes a new key ring with one key to path (mode 0600). It
// refuses to replace an existing file.
func GenerateKeyring(path string) error { return vault.GenerateKeyring(path) }
