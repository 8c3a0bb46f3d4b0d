#!/bin/sh
printf '%s\n' good bad skipped 'sp ace' "it's" '$(touch hacked)' 'é "q" ; | &' '-n'
