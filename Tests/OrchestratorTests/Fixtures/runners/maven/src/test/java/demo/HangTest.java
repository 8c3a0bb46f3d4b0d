package demo;

import org.junit.*;

public class HangTest {
    @Test public void hangs() throws Exception { Thread.sleep(600_000); }
}
