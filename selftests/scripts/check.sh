#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Functions for the tests of scripts, which run in the source tree.

scratch=$(mktemp --directory)
trap 'rm -rf "$scratch"' EXIT
failures=0

# Runs a command. Sets $status, and writes its output to $scratch/output.
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

# Call it at the end of a test.
conclude() {
	[ "$failures" -eq 0 ]
}
