#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# xpoll-demo's part in the guest: the echo server on each backend in turn, checked by a client in the
# guest and by one on the host. Leaves BACKEND-server.json and BACKEND-guest.json in OUT, and says in
# OUT/phase what is under way.
set -eu

if [ $# -ne 6 ]; then
	echo "usage: $0 OUT GUEST_CONNECTIONS HOST_CONNECTIONS MESSAGES SIZE PORTS" >&2
	exit 2
fi
programs=$(dirname "$0")
out=$1 guest_connections=$2 host_connections=$3 messages=$4 size=$5 ports=$6

# The server leaves once all connections are closed, so waiting for it waits for the host as well.
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
