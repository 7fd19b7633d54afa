package keyring

import (
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// exported is a ring's keys as processes that issue for one Platform share
// them. It is as secret as the keys.
type exported struct {
	Keys   []exportedKey `json:"keys"`
	Unwrap []byte        `json:"unwrap,omitempty"` // PKCS #8, of encrypted tokens
}

type exportedKey struct {
	Private []byte    `json:"private"` // PKCS #8; the secret of HS256
	BornAt  time.Time `json:"born_at"` // zero for the first
}

// Export is a document of all keys, secret halves included, for a ring of the
// same Config in another process: its Keys, or something to Adopt.
func (r *Ring) Export() ([]byte, error) { return r.export(r.all()) }

func (r *Ring) export(keys []key) ([]byte, error) {
	var out exported
	for _, k := range keys {
		private, err := r.pack(k.private)
		if err != nil {
			return nil, err
		}
		out.Keys = append(out.Keys, exportedKey{private, k.bornAt})
	}
	if r.cfg.Encrypted {
		var err error
		if out.Unwrap, err = x509.MarshalPKCS8PrivateKey(r.opener().private); err != nil {
			return nil, err
		}
	}
	return json.Marshal(out)
}

func (r *Ring) pack(private any) ([]byte, error) {
	if secret, is := private.([]byte); is {
		return secret, nil
	}
	return x509.MarshalPKCS8PrivateKey(private)
}

// errExport never holds any of the document.
var errExport = errors.New("these are no keys that a ring of the same configuration exported")

// keysOf reads what was exported.
func (r *Ring) keysOf(document []byte) (keys []key, unwrap []byte, err error) {
	var in exported
	if json.Unmarshal(document, &in) != nil || len(in.Keys) == 0 {
		return nil, nil, errExport
	}
	for _, one := range in.Keys {
		var private any = one.Private
		if r.alg != jose.HS256 {
			if private, err = x509.ParsePKCS8PrivateKey(one.Private); err != nil {
				return nil, nil, errExport
			}
		}
		k, err := r.key(private, one.BornAt)
		if err != nil {
			return nil, nil, errExport
		}
		keys = append(keys, k)
	}
	return keys, in.Unwrap, nil
}

// take begins a ring with exported keys.
func (r *Ring) take(document []byte) error {
	keys, unwrap, err := r.keysOf(document)
	if err != nil {
		return err
	}
	if r.cfg.Encrypted {
		private, err := x509.ParsePKCS8PrivateKey(unwrap)
		pair, is := private.(*rsa.PrivateKey)
		if err != nil || !is {
			return errExport
		}
		own := openerOf(pair)
		r.opener = func() *opener { return own }
	}
	r.keys.Store(&keys)
	return nil
}

// Adopt takes over what Rotate made in another process. Keys that are known
// stay as they are, so that the order of arrival does not matter.
func (r *Ring) Adopt(document []byte) error {
	theirs, _, err := r.keysOf(document)
	if err != nil {
		return err
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	all := slices.Clone(r.all())
	for _, k := range theirs {
		if !slices.ContainsFunc(all, func(known key) bool { return known.id == k.id }) {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b key) int { return cmp.Or(b.bornAt.Compare(a.bornAt), cmp.Compare(a.id, b.id)) })
	r.keys.Store(&all)
	return nil
}
