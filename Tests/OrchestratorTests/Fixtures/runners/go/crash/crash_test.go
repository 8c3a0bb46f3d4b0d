package crash_test

import (
	"os"
	"testing"
)

func TestBefore(t *testing.T) {}

func TestCrash(t *testing.T) { os.Exit(7) }

func TestAfter(t *testing.T) {}
