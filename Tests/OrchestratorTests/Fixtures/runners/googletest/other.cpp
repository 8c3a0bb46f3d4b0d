#include <gtest/gtest.h>

TEST(Calc, Adds) { FAIL() << "the other program"; }
