package demo;

import static org.junit.Assert.*;

import org.junit.*;

public class CalcTest {
    @Test public void adds() { assertEquals(2, 1 + 1); }
    @Test public void addsMore() { assertEquals(3, 1 + 2); }
    @Test public void fails() { assertEquals("arithmetic is broken", 3, 1 + 1); }
    @Test public void raises() { throw new IllegalStateException("boom"); }
    @Test @Ignore("not now") public void skipped() {}
}
