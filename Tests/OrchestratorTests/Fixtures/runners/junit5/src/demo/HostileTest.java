package demo;

import org.junit.jupiter.api.*;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileTest {
    @Test @DisplayName("it's \"quoted\" <&> ]]> $(touch hacked)") void displayed() {}
    @Test void überprüft_中$1() { Assertions.fail("no"); }
    @ParameterizedTest @ValueSource(ints = {1}) void arrays(int number, TestInfo info) {}
}
