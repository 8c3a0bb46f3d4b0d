use Test::More;
ok(1, 'adds');
is(1 + 1, 3, 'arithmetic is broken');
TODO: { local $TODO = 'later'; ok(0, 'to do') }
SKIP: { skip 'not now', 1; ok(1, 'never') }
subtest nested => sub { ok(1, 'inner'); done_testing };
ok(1);
done_testing;
