#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The host's part of xpoll-demo, run beside the guest: checks the two servers in turn through the ports that the
# runner forwards. Writes BACKEND-host.json to OUT.
set -eu

if [ $# -ne 4 ] || [ -z "${XPOLL_FORWARD_PORT-}" ]; then
	echo "usage: XPOLL_FORWARD_PORT=PORT,PORT $0 OUT CONNECTIONS MESSAGES SIZE" >&2
	exit 2
fi
programs=$(dirname "$0")
out=$1 connections=$2 messages=$3 size=$4

visit() {
	"$programs/xpoll-echo-client" --connect "127.0.0.1:$2" \
		--connections "$connections" --opening 1 --messages "$messages" --size "$size" >"$out/$1-host.json"
}

visit xpoll "${XPOLL_FORWARD_PORT%,*}"
visit native "${XPOLL_FORWARD_PORT#*,}"
