print "1..2\nok 1 - before\n";
kill 'KILL', getppid();
