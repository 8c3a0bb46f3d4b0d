<?php

use PHPUnit\Framework\TestCase;

class BoundTest extends TestCase
{
    public function testFirst(): int { $this->assertTrue(true); return 1; }

    /** @depends testFirst */
    public function testSecond(int $one): void { $this->assertSame(1, $one); }
}
