package demo;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.*;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalcTest {
    @Test void adds() { assertEquals(2, 1 + 1); }
    @Test void fails() { assertEquals(3, 1 + 1, "arithmetic is broken"); }
    @Test void raises() { throw new IllegalStateException("boom"); }
    @Test @Disabled("not now") void skipped() {}
    @ParameterizedTest @ValueSource(strings = {"a", "b <&>"}) void rows(String row) { assertFalse(row.isEmpty()); }
    @RepeatedTest(2) void twice() {}
    @TestFactory List<DynamicTest> made() { return List.of(DynamicTest.dynamicTest("one", () -> {})); }
    @Nested class Inner { @Test void deep() {} }
    void helper() {}
}
