package calc

import (
	"fmt"
	"testing"
)

func TestAdd(t *testing.T) {
	if Add(1, 2) != 3 {
		t.Fatal("1 + 2 is not 3")
	}
}

func TestAddMore(t *testing.T) {}

func TestWrong(t *testing.T) { t.Errorf("got %d, want %d", Add(1, 2), 4) }

func TestSkipped(t *testing.T) { t.Skip("not here") }

func TestTable(t *testing.T) {
	t.Run("a b/c", func(t *testing.T) {})
	t.Run("wrong (row)", func(t *testing.T) { t.Error("row is wrong") })
}

func ExampleAdd() {
	fmt.Println(Add(1, 2))
	// Output: 3
}

func FuzzAdd(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) {})
}

func BenchmarkAdd(b *testing.B) {}
