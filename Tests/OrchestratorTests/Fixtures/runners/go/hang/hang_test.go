package hang_test

import (
	"testing"
	"time"
)

func TestBefore(t *testing.T) {}

func TestHang(t *testing.T) { time.Sleep(time.Hour) }

func TestAfter(t *testing.T) {}
