package demo;

import org.junit.jupiter.api.*;

abstract class Base {
    @Test void inherited() {}
}

class SharedTest extends Base {
    static boolean ready;
    @BeforeAll static void prepare() { ready = true; }
    @Test void own() { Assertions.assertTrue(ready); }
}
