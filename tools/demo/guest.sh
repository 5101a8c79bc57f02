#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's part of xpoll-demo: runs the echo server on each backend in turn, with one client in the guest and one
# on the host. Writes BACKEND-server.json and BACKEND-guest.json to OUT, and the current step to OUT/phase.
set -eu

if [ $# -ne 6 ]; then
	echo "usage: $0 OUT GUEST_CONNECTIONS HOST_CONNECTIONS MESSAGES SIZE PORTS" >&2
	exit 2
fi
programs=$(dirname "$0")
out=$1 guest_connections=$2 host_connections=$3 messages=$4 size=$5 ports=$6

# The server exits once all connections are closed, so waiting for it also waits for the host's client.
serve() {
	backend=$1 port=$2
	echo "serving $((guest_connections + host_connections)) connections on $backend" >>"$out/phase"
	"$programs/xpoll-echo" --backend "$backend" --address 0.0.0.0 --port "$port" --size "$size" \
		--expect-connections $((guest_connections + host_connections)) \
		>"$out/$backend-server.json" &
	server=$!
	"$programs/xpoll-echo-client" --connect "127.0.0.1:$port" \
		--connections "$guest_connections" --messages "$messages" --size "$size" \
		>"$out/$backend-guest.json"
	wait "$server"
}

serve xpoll "${ports%,*}"
serve native "${ports#*,}"
