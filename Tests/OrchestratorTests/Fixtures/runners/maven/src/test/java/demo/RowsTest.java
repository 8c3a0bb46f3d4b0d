package demo;

import static org.junit.Assert.*;

import java.util.Arrays;
import org.junit.*;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;

@RunWith(Parameterized.class)
public class RowsTest {
    @Parameterized.Parameters(name = "{0}")
    public static Iterable<Object[]> rows() {
        return Arrays.asList(new Object[][] {{"one"}, {"it's <&> $(touch hacked) ü中"}});
    }

    private final String row;

    public RowsTest(String row) { this.row = row; }

    @Test public void isShort() { assertEquals(3, row.length()); }
}
