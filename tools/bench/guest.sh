#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's part of a benchmark. Measures first, without the module, what a loaded module might make slower for
# everyone; then measures everything with the module; last, epoll's own system calls with the module's hooks. Writes
# unloaded.json, loaded.json and calls-loaded.json to /out and, if KALLSYMS names a file, the kernel's symbols to
# that file.
set -eu

if [ $# -lt 2 ]; then
	echo "usage: $0 BENCH MODULE [OPTIONS OF BENCH...]" >&2
	exit 2
fi
bench=$1 module=$2
shift 2

# Wait a few seconds: the kernel still does deferred boot work. Under --icount the wait is free.
"$bench" --settle 4 --only-unwatched --out /out/unloaded.json "$@"
insmod "$module"
"$bench" --out /out/loaded.json "$@"
# Last: hooks on epoll's functions stay until the module is unloaded. A profile is of the runs above.
[ -n "${KALLSYMS:-}" ] || "$bench" --calls --out /out/calls-loaded.json "$@"
[ -z "${KALLSYMS:-}" ] || cat /proc/kallsyms >"$KALLSYMS"
rmmod xpoll
