package token

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// batch is how many families one round trip reads.
const batch = 256

// ownersOf picks the owners' sets for a selector.
func (r *remote) ownersOf(s Selector, owners []string) []string {
	var out []string
	for _, text := range owners {
		client, customer, _ := strings.Cut(text, "\n")
		if (s.Client == "" || s.Client == client) && (s.Customer == "" || s.Customer == customer) {
			out = append(out, r.prefix+"o:"+text)
		}
	}
	return out
}

func (r *remote) each(s Selector, show func(f *family) bool) {
	for numbers := range slices.Chunk(r.numbers(s), batch) {
		for _, h := range r.readAll(numbers) {
			if s.picks(h.family) && !show(h.family) {
				return
			}
		}
	}
}

// readAll reads families in one round trip; those that are gone are left out.
func (r *remote) readAll(numbers []int64) (out []*heldFamily) {
	r.do(func(ctx context.Context) error {
		pipe := r.client.Pipeline()
		for _, n := range numbers {
			pipe.HMGet(ctx, r.prefix+"f:"+strconv.FormatInt(n, 10), "v", "d")
		}
		answers, err := pipe.Exec(ctx)
		if err != nil {
			return err
		}
		for _, one := range answers {
			values := one.(interface{ Val() []any }).Val()
			version, _ := values[0].(string)
			document, known := values[1].(string)
			if !known {
				continue
			}
			h, err := decodeFamily(version, document)
			if err != nil {
				return err
			}
			out = append(out, h)
		}
		return nil
	})
	return out
}

// sweep keeps the rules of the memory store. A family that another process
// changes meanwhile stays.
func (r *remote) sweep(now instant) {
	var count int64
	r.do(func(ctx context.Context) (err error) {
		count, err = r.client.ZCard(ctx, r.prefix+"all").Result()
		return err
	})
	if count < sweepFrom {
		return
	}
	drop := 0
	if count >= maxFamilies {
		drop = int(count) - maxFamilies*3/4
	}
	seen := 0
	numbers := r.numbers(Selector{})
	for some := range slices.Chunk(numbers, batch) {
		for _, h := range r.readAll(some) {
			if seen < drop || h.over(now) && seen < len(numbers)-sweepFrom/2 {
				r.do(func(ctx context.Context) error {
					_, err := r.run(ctx, h, "", nil, h.keys())
					return err
				})
			}
			seen++
		}
	}
}
