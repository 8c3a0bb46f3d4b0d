<?php

use PHPUnit\Framework\TestCase;

class CrashTest extends TestCase
{
    public function testBefore(): void { $this->assertTrue(true); }
    public function testDies(): void { posix_kill(getmypid(), 9); }
}
