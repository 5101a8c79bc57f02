#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A benchmark's part in the guest: first without the module, what it may make dearer for everyone;
# then everything with it. Leaves unloaded.json and loaded.json in /out, and, if KALLSYMS names a file, the
# kernel's symbols there.
set -eu

if [ $# -lt 2 ]; then
	echo "usage: $0 BENCH MODULE [OPTIONS OF BENCH...]" >&2
	exit 2
fi
bench=$1 module=$2
shift 2

# A guest's first seconds, which cost nothing under --icount, are full of work that a boot puts off.
"$bench" --settle 4 --only-unwatched --out /out/unloaded.json "$@"
insmod "$module"
"$bench" --out /out/loaded.json "$@"
[ -z "${KALLSYMS:-}" ] || cat /proc/kallsyms >"$KALLSYMS"
rmmod xpoll
