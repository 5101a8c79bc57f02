#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the stages share. A stage ends with the first command that fails.
set -eEuo pipefail
trap 'echo "FAILED in line $LINENO: $BASH_COMMAND"' ERR
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
port=7379

# A transcript shows what was typed, and after how many seconds.
run() {
	echo "[$SECONDS s] # $*"
	"$@"
}

fail() {
	echo "FAILED: $*"
	exit 1
}

# Warnings of the kernel, which "quiet" keeps from the console, fail the stage as well.
ended() {
	local status=$?
	if dmesg | grep -E 'WARNING: |BUG: |Oops|general protection|still has objects|Call Trace:'; then
		echo 'FAILED: the kernel complained'
		dmesg >/dev/ttyS0
		status=1
	fi
	exit $status
}
trap ended EXIT

newest_kernel() {
	find /lib/modules -mindepth 1 -maxdepth 1 -printf '%f\n' | sort --version-sort | tail -n 1
}

expect_newest_kernel() {
	run uname -r
	[ "$(uname -r)" = "$(newest_kernel)" ] || fail 'not the newer kernel'
}

# Where signatures are not enforced, an unsigned module loads as well.
expect_signed() {
	[ "$(modinfo --field signer xpoll)" = 'DKMS module signing key' ] || fail 'dkms has not signed the module'
}

# redis on xpoll, as a user without privilege, in the background. Its process is $redis.
start_redis() {
	rm -f /tmp/stats.json
	setpriv --reuid=nobody --regid=nogroup --clear-groups \
		xpoll-run --stats-json /tmp/stats.json redis-server --port $port --save '' --dir /tmp >/tmp/redis.log 2>&1 &
	redis=$!
	timeout 120 sh -c "until redis-cli -p $port ping >/dev/null 2>&1; do sleep 0.2; done" || {
		cat /tmp/redis.log
		fail 'redis does not answer'
	}
	echo "# xpoll-run --stats-json stats.json redis-server --port $port &"
}

expect_redis() {
	[ "$(redis-cli -p $port set key "$1")" = OK ] || fail "redis does not take a key"
	[ "$(redis-cli -p $port get key)" = "$1" ] || fail 'redis forgot'
}

# What the kernel counted shows that it was xpoll's.
stop_redis() {
	redis-cli -p $port shutdown nosave || true
	wait "$redis"
	cat /tmp/stats.json
	grep -Eq '"instances": *[1-9]' /tmp/stats.json || fail 'redis did not run on xpoll'
}

# The build of the module that dkms has installed for a kernel.
expect_built() {
	local status
	echo "[$SECONDS s] # dkms status xpoll"
	status=$(dkms status xpoll)
	echo "$status"
	grep -q "^xpoll/$1, $2, x86_64: installed" <<<"$status" || fail "no module $1 for $2"
}
