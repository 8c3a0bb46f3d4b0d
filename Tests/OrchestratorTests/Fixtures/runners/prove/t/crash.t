# Slow enough for the formatter to have told of the file.
print "1..2\nok 1 - before\n";
kill 'KILL', getppid();
