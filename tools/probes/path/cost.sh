#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Measures the cost of xpoll-path's probes: guest instructions per echoed message, which is two events, without and
# with the probes. Runs in a guest with --icount, where a nanosecond is an instruction:
#
#   xpoll-vm run --icount --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko -- tools/probes/path/cost.sh
set -euo pipefail

programs=$(dirname "$(readlink -f "$0")")/../../../build/host
messages=${1:-2000}
directory=$(mktemp --directory)

# until_says FILE TEXT PID: waits until the text is in the file. Fails if the process ends first.
until_says() {
	until grep --quiet "$2" "$1"; do kill -0 "$3"; done
}

# echoed BACKEND: prints instructions per message of an echo, for both ends.
echoed() {
	local server seconds
	"$programs/xpoll-echo" --backend "$1" --expect-connections 1 >"$directory/server.json" 2>"$directory/server" &
	server=$!
	until_says "$directory/server" listening $server
	"$programs/xpoll-echo-client" --connections 1 --messages "$messages" \
		--connect "127.0.0.1:$(sed 's/.*://' "$directory/server")" >"$directory/client.json"
	wait $server
	seconds=$(sed 's/.*"seconds":\([0-9.]*\).*/\1/' "$directory/client.json")
	awk -v seconds="$seconds" -v messages="$messages" 'BEGIN { printf "%.0f", seconds * 1e9 / messages }'
}

# traced BACKEND OPTION...: the same under xpoll-path.
traced() {
	local backend=$1 path figure
	shift
	"$programs/xpoll-path" --duration 86400 "$@" >"$directory/path" 2>"$directory/started" &
	path=$!
	until_says "$directory/started" 'looking at' $path
	figure=$(echoed "$backend")
	kill -INT $path
	wait $path
	grep --quiet 'nothing lost' "$directory/path"
	echo "$figure"
}

for backend in native xpoll; do
	echoed $backend >/dev/null # warm
	without=$(echoed $backend)
	with=$(traced $backend)
	kprobes=$(traced $backend --kprobes)
	echo "{\"server\":\"$backend\",\"messages\":$messages,\"without\":$without,\"with\":$with," \
		"\"with_kprobes\":$kprobes,\"per_event\":$(((with - without) / 2))," \
		"\"per_event_kprobes\":$(((kprobes - without) / 2))}"
done
rm -r "$directory"
