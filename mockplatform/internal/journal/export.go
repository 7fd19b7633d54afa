package journal

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/mint-conformance/mint/mockplatform/control"
)

// The media types of the exports.
const (
	TypeNDJSON = "application/x-ndjson"
	TypeHAR    = "application/har+json"
)

// NDJSON writes one exchange per line, each as in GET …/journal.
func NDJSON(exchanges []control.Exchange) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	for i := range exchanges {
		if err := encoder.Encode(&exchanges[i]); err != nil {
			return nil, fmt.Errorf("exchange %d cannot be written: %w", exchanges[i].Seq, err)
		}
	}
	return out.Bytes(), nil
}
