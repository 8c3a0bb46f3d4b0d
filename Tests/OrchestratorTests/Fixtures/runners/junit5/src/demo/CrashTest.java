package demo;

import org.junit.jupiter.api.*;

@TestMethodOrder(MethodOrderer.MethodName.class)
class CrashTest {
    @Test void aBefore() {}
    @Test void bDies() { Runtime.getRuntime().halt(9); }
}
