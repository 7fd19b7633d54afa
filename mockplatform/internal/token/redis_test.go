package token

import (
	"context"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/mint-conformance/mint/mockplatform/internal/redistest"
)

// emptying empties the database before the next write of a family.
type emptying struct {
	redis.Hook
	client *redis.Client
	armed  bool
}

func (e *emptying) DialHook(next redis.DialHook) redis.DialHook { return next }

func (e *emptying) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (e *emptying) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, command redis.Cmder) error {
		if arguments := command.Args(); e.armed && strings.HasPrefix(command.Name(), "eval") && arguments[1] == writeScript.Hash() {
			e.armed = false
			if err := e.client.FlushDB(ctx).Err(); err != nil {
				return err
			}
		}
		return next(ctx, command)
	}
}

// Whoever was about to redeem what is deleted meanwhile, with its Platform or
// since there are too many, has redeemed nothing.
func TestNothingComesOfWhatIsDeletedMeanwhile(t *testing.T) {
	client := redistest.Start(t)
	hook := &emptying{client: client}
	client.AddHook(hook)
	s := NewRedis(client, "{test}")
	s.PutCode(Code{Value: "code-1", Grant: grant(), ExpiresAt: at(day)})
	hook.armed = true
	if got, v := s.RedeemCode("code-1", born, rotating, pair(1)); v != CodeUnknown || got.Access.Value != "" {
		t.Errorf("the code: %+v, %s", got, v)
	}
	s.PutGrant(grant(), born, rotating, pair(2))
	hook.armed = true
	if got, v := s.UseRefresh("refresh-2", born, rotating, pair(3)); v != Unknown || got.Access.Value != "" || got.Refresh != "" {
		t.Errorf("the refresh token: %+v, %s", got, v)
	}
	s.PutGrant(grant(), born, rotating, pair(4))
	hook.armed = true
	if n := s.Revoke(born, Selector{}, ReasonByControl); n != 0 {
		t.Errorf("%d tokens were revoked", n)
	}
	if hook.armed {
		t.Error("nothing was deleted")
	}
}
