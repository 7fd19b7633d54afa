package browser

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-rod/rod/lib/proto"
)

// Frames are the page itself and, after it, all frames within it, also those of
// other origins, to be acted in like pages: their scripts run beside the
// documents' own. They belong to this session and need no Close. A browser that
// keeps sites in processes of their own (a remote one may) does not tell of
// frames of other sites.
func (s *Session) Frames(ctx context.Context) ([]*Session, error) {
	tree, err := s.frames(ctx)
	if err != nil {
		return nil, err
	}
	var all []*Session
	var gather func(*proto.PageFrameTree)
	gather = func(t *proto.PageFrameTree) {
		all = append(all, &Session{b: s.b, target: s.target, page: s.page, frame: t.Frame.ID, ctx: s.ctx, lost: s.lost})
		for _, child := range t.ChildFrames {
			gather(child)
		}
	}
	gather(tree)
	return all, nil
}

// Try runs a JavaScript function with JSON arguments on the present document,
// loaded or not, and decodes its answer into result. ok is false if the
// document went away meanwhile.
func (s *Session) Try(ctx context.Context, result any, function string, arguments ...any) (ok bool, err error) {
	if arguments == nil {
		arguments = []any{}
	}
	given, err := json.Marshal(arguments)
	if err != nil {
		return false, err
	}
	ctx, done := s.within(ctx)
	defer done()
	bounded, cancel := context.WithTimeout(ctx, oneLook)
	defer cancel()
	again, err := s.evaluate(bounded, fmt.Sprintf("(%s)(...%s)", function, given), result)
	switch {
	case err != nil && s.ctx.Err() != nil:
		return false, context.Cause(s.ctx)
	case err != nil && bounded.Err() != nil && ctx.Err() == nil:
		return false, nil // a renderer that is being replaced sometimes never answers
	}
	return !again && err == nil, err
}
