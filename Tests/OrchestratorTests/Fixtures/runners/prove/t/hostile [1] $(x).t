print "1..5\nok 1 - it's \"quoted\" \$(touch hacked)\nnot ok 2 - <&> \e[31m\nok 3 - - dashes\nok 4\nok 5 - \xc3\xbc \xe4\xb8\xad\n";
