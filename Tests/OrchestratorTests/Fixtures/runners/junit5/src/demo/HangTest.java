package demo;

import org.junit.jupiter.api.*;

@TestMethodOrder(MethodOrderer.MethodName.class)
class HangTest {
    @Test void aBefore() {}
    @Test void bHangs() throws Exception { Thread.sleep(600_000); }
}
