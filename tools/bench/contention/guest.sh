#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's part of "make contention": writes rows.json and the kernel's symbols to /out.
set -eu

if [ $# -lt 1 ]; then
	echo "usage: $0 CONTENTION [OPTIONS OF CONTENTION...]" >&2
	exit 2
fi
"$@" --out /out/rows.json
cat /proc/kallsyms >/out/kallsyms
