<?php
namespace App\Tests;

use PHPUnit\Framework\TestCase;

final class CalcTest extends TestCase
{
    public function testAdds(): void { $this->assertSame(2, 1 + 1); }
    public function testAddsMore(): void { $this->assertSame(3, 1 + 2); }
    public function testFails(): void { $this->assertSame(3, 1 + 1, 'arithmetic is broken'); }
    public function testRaises(): void { throw new \RuntimeException('boom'); }
    public function testSkipped(): void { $this->markTestSkipped('not now'); }
}
