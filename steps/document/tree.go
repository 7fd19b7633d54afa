package document

import "go.yaml.in/yaml/v3"

// Tree is a document as it is written. A nil Tree knows no lines.
type Tree struct{ node *yaml.Node }

// Line is that of the value which the path leads to: keys as strings, places
// in lists as ints. A part of the path that is not written ends it, so that
// a missing key is told in the line of what it is missing in.
func (t *Tree) Line(path ...any) int {
	if t == nil {
		return 1
	}
	at := t.node
	line := at.Line
	for _, part := range path {
		var next *yaml.Node
		switch p := part.(type) {
		case string:
			for i := 0; at.Kind == yaml.MappingNode && i+1 < len(at.Content); i += 2 {
				if at.Content[i].Value == p {
					line, next = at.Content[i].Line, at.Content[i+1]
				}
			}
		case int:
			if at.Kind == yaml.SequenceNode && p < len(at.Content) {
				next = at.Content[p]
				line = next.Line
			}
		}
		if next == nil {
			break
		}
		at = next
	}
	return line
}
