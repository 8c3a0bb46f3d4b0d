#!/bin/sh
# Writes JUnit XML with one case for each unit to its first argument.
report=$1
shift
escape() { printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/"/\&quot;/g'; }
status=0
{
    echo '<testsuite name="command">'
    for unit in "$@"; do
        case $unit in crash) kill -9 $$ ;; hang) sleep 600 ;; esac
        printf '<testcase name="%s" time="0.1">' "$(escape "$unit")"
        case $unit in
        bad) echo '<failure message="it is bad">here</failure>' && status=1 ;;
        skipped) echo '<skipped/>' ;;
        esac
        echo '</testcase>'
    done
    echo '</testsuite>'
} >"$report"
exit $status
