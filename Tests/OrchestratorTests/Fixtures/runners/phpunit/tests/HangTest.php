<?php

use PHPUnit\Framework\TestCase;

class HangTest extends TestCase
{
    public function testBefore(): void { $this->assertTrue(true); }
    public function testHangs(): void { sleep(600); }
}
