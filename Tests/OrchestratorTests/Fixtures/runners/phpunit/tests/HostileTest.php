<?php
namespace App\Tests;

use PHPUnit\Framework\TestCase;

final class HostileTest extends TestCase
{
    /** @dataProvider rows */
    public function testRows(bool $good): void { $this->assertTrue($good); }

    public function rows(): array
    {
        return [
            'one' => [true], "it's / #(x) \"<&>\" [a|b].*" => [false], '$(touch hacked)' => [true],
            'ünïcödé 中' => [true], 'with data set "one"' => [true], [true],
        ];
    }
}
