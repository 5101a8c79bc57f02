#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints the main results that make trace wrote to OUT: for each run of xpoll-path the path of one event whose task
# was asleep, and the table; the counts of xpoll-compare; the names of the files.
set -eu

if [ $# -ne 1 ]; then
	echo "usage: $0 OUT" >&2
	exit 2
fi
out=$1

# Show the last timeline: the first events run with cold caches.
awk 'BEGIN { RS = ""; ORS = "\n\n" }
	/^== / { print; delete timeline }
	/ us  netif_receive_skb/ && / us  sched_switch/ { timeline[$1] = $0 }
	/^[0-9.]+ s\n/ {
		if ("native:" in timeline) print timeline["native:"]
		if ("xpoll:" in timeline) print timeline["xpoll:"]
		print
	}
	/^microseconds / { print }' "$out/path.txt"

echo "== the echo server under xpoll-compare"
echo
# The verdict and the counts.
awk 'BEGIN { RS = ""; ORS = "\n\n" } NR <= 2 { print }' "$out/compare.txt"

cat <<END
Written to $out:
  path.txt path.json        xpoll-path: every step's times and histograms
  top.txt top.json          xpoll-top under load
  compare.txt compare.json  xpoll-compare
  report.html               the same as a page, with histograms; path.svg is its picture
The probes take time of their own: these are no figures of performance.
END
