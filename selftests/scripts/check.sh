#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the tests of scripts share. They run in the source tree.

scratch=$(mktemp --directory)
trap 'rm -rf "$scratch"' EXIT
failures=0

# Runs a command; its status is in $status then, its output in $scratch/output.
try() {
	status=0
	"$@" >"$scratch/output" 2>&1 || status=$?
}

fail() {
	echo "$(basename "$0"): $*"
	sed 's/^/    /' "$scratch/output"
	failures=$((failures + 1))
}

expect_success() { [ "$status" -eq 0 ] || fail "$1: ended with $status"; }
expect_failure() { [ "$status" -ne 0 ] || fail "$1: ended with 0"; }
expect_output() { grep --quiet --fixed-strings -- "$2" "$scratch/output" || fail "$1: its output lacks '$2'"; }
expect_same() { [ "$2" = "$3" ] || fail "$1:"$'\n'"$(diff <(echo "$2") <(echo "$3"))"; }

# The last line of a test.
conclude() {
	[ "$failures" -eq 0 ]
}
