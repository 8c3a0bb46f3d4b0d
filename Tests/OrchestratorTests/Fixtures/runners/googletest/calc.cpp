#include <gtest/gtest.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>

TEST(Calc, Adds) { EXPECT_EQ(1 + 2, 3); }
TEST(Calc, AddsMore) { printf("no line break"); }
TEST(Calc, Wrong) { EXPECT_EQ(1 + 2, 4) << "arithmetic is broken"; }
TEST(Calc, Skipped) { GTEST_SKIP() << "not here"; }
TEST(Calc, DISABLED_Off) { FAIL(); }

class Words : public testing::TestWithParam<const char*> {};
TEST_P(Words, Work) { SUCCEED(); }
INSTANTIATE_TEST_SUITE_P(Odd, Words, testing::Values("a b", "c\nd", "$(touch hacked)", "  # ::error::"));

template <class T>
class Typed : public testing::Test {};
using Types = testing::Types<int, double>;
TYPED_TEST_SUITE(Typed, Types);
TYPED_TEST(Typed, Zero) { SUCCEED(); }

TEST(Crash, Before) {}
TEST(Crash, Dies) { abort(); }
TEST(Crash, After) {}

TEST(Hang, Before) {}
TEST(Hang, Waits) {
    for (;;) pause();
}
