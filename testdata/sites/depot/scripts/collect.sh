#!/bin/sh
here="$(cd "$(dirname "$0")" && pwd)"
. "$here/settings.sh"
. "$here/lib/printing.sh"
. "$(dirname "$0")/lib/counting.sh"
sh "$here/lib/sending.sh"
cat "$here/notice.txt"
