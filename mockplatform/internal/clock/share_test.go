package clock

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What is told of a change lets another clock follow; a change that cannot be
// told has not happened.
func TestChangesAreToldBeforeTheyCount(t *testing.T) {
	here, there := New((&machine{now: epoch}).Now), New((&machine{now: epoch}).Now)
	away := false
	var told []Setting
	here.Publish(func(s Setting) {
		if away {
			panic("away")
		}
		told = append(told, s)
		there.Adopt(s)
	})
	stop := true
	for _, ch := range []Change{{Advance: time.Hour}, {Freeze: &stop}, {Advance: time.Minute}} {
		if _, err := here.Change(t.Context(), ch); err != nil {
			t.Fatal(err)
		}
	}
	want := []Setting{
		{Offset: time.Hour, Advanced: time.Hour},
		{Frozen: true, At: epoch.Add(time.Hour), Offset: time.Hour, Advanced: time.Hour},
		{Frozen: true, At: epoch.Add(time.Hour + time.Minute), Offset: time.Hour, Advanced: time.Hour + time.Minute},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if !there.Now().Equal(here.Now()) || !there.State().Frozen {
		t.Errorf("%s here, %s there", here.Now(), there.Now())
	}
	before := here.State()
	away = true
	func() {
		defer func() {
			if cause := recover(); cause != "away" {
				t.Errorf("recovered %v", cause)
			}
		}()
		_, err := here.Advance(t.Context(), time.Hour)
		t.Errorf("a change that could not be told: %v", err)
	}()
	if diff := cmp.Diff(before, here.State()); diff != "" {
		t.Errorf("after it (-before +after):\n%s", diff)
	}
	away = false
	if after, err := here.Advance(t.Context(), time.Second); err != nil || !after.Now.Equal(before.Now.Add(time.Second)) || !there.Now().Equal(after.Now) {
		t.Errorf("the next change: %+v, %v, %s there", after, err, there.Now())
	}
}

// A replica's clock does not go back to what another said earlier.
func TestAnEarlierSettingIsLeftAlone(t *testing.T) {
	c := New((&machine{now: epoch}).Now)
	c.Adopt(Setting{Offset: 2 * time.Hour, Advanced: 2 * time.Hour})
	c.Adopt(Setting{Offset: time.Hour, Advanced: time.Hour})
	if got := c.State(); !got.Now.Equal(epoch.Add(2*time.Hour)) || got.Revision != 2 {
		t.Errorf("%+v", got)
	}
}
