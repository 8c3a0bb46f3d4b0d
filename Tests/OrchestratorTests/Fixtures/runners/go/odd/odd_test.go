package odd_test

import "testing"

func TestÜber_ß(t *testing.T) {}

func TestRows(t *testing.T) {
	t.Run("[x] $(y) `z` \"q\" <b> ::error::", func(t *testing.T) {})
	t.Run("..//../etc", func(t *testing.T) {})
}
