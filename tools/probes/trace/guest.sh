#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's part of make trace: runs the three tools on the echo server, on native epoll and on xpoll. "loopback"
# traces packets over loopback and compares the two; the REMARK states whether -icount was used. "virtio" traces
# packets from the host, whose clock differs, and shows both under load. Together they write path, top and compare as
# text and JSON, report.html and path.svg to OUT.
set -eu

if [ $# -ne 5 ]; then
	echo "usage: $0 loopback OUT MESSAGES PORTS REMARK | virtio OUT MESSAGES PORTS HOST_MESSAGES" >&2
	exit 2
fi
programs=build/host
part=$1 out=$2 messages=$3 ports=$4
scratch=$(mktemp -d)

say() { echo "trace: $*" >&2; }

# port N: prints the N-th port.
port() { echo "$ports" | cut -d, -f"$1"; }

# Starts a tool in the background and returns when its probes are attached. Sets $tool to its pid.
start_tool() {
	tool_output=$1
	shift
	mkfifo "$scratch/messages"
	"$@" >>"$tool_output" 2>"$scratch/messages" &
	tool=$!
	exec 3<"$scratch/messages"
	rm "$scratch/messages"
	IFS= read -r line <&3 || { echo "$0: $1 ended at once" >&2; exit 1; }
	echo "$line" >&2
}

end_tool() {
	kill -INT "$tool"
	wait "$tool"
	exec 3<&-
}

# Starts an echo server. Sets $server to its pid.
serve() {
	backend=$1
	shift
	"$programs/xpoll-echo" --backend "$backend" "$@" >/dev/null 2>&1 &
	server=$!
}

visit() { "$programs/xpoll-echo-client" --connect "127.0.0.1:$1" --connections 1 --messages "$messages" >/dev/null; }

# path_loopback BACKEND OUTPUT [--json]
path_loopback() {
	backend=$1 output=$2
	shift 2
	serve "$backend" --port "$(port 5)" --expect-connections 1
	start_tool "$output" "$programs/xpoll-path" "--$backend" --pid "$server" --timelines 20 "$@"
	visit "$(port 5)"
	wait "$server"
	end_tool
}

# path_virtio OUTPUT FIRST_PORT SECOND_PORT [--json]: the clients run on the host.
path_virtio() {
	output=$1 native_port=$2 xpoll_port=$3
	shift 3
	start_tool "$output" "$programs/xpoll-path" --timelines 20 "$@"
	serve native --address 0.0.0.0 --port "$native_port" --expect-connections 1
	native=$server
	serve xpoll --address 0.0.0.0 --port "$xpoll_port" --expect-connections 1
	wait "$native" "$server"
	end_tool
}

heading() { printf '\n== %s\n\n' "$*" >>"$out/path.txt"; }

follow_loopback() {
	for backend in native xpoll; do
		say "xpoll-path: $messages messages over loopback, on $backend"
		heading "$messages messages over loopback, on $backend"
		path_loopback "$backend" "$out/path.txt"
		path_loopback "$backend" "$out/path.json" --json
	done
}

follow_virtio() {
	host_messages=$1
	say "xpoll-path: $host_messages messages from the host over virtio-net, on each"
	heading "$host_messages messages from the host over virtio-net, on each"
	path_virtio "$out/path.txt" "$(port 1)" "$(port 2)"
	path_virtio "$out/path.json" "$(port 3)" "$(port 4)" --json
}

# Starts a load on both servers that runs until it is killed, at low priority so that the tools get processor time.
# Sets $load to the pids.
start_load() {
	load=
	for backend in native xpoll; do
		place=$((place + 1))
		serve "$backend" --port "$(port $place)"
		load="$load $server"
		nice -n 19 "$programs/xpoll-echo-client" --connect "127.0.0.1:$(port $place)" --connections 10 \
			--messages 1000000 --timeout 3600 >/dev/null 2>&1 &
		load="$! $load"
	done
}

watch_instances() {
	say "xpoll-top: three seconds of both under load"
	place=4
	start_load
	"$programs/xpoll-top" --count 3 --interval 1 >"$out/top.txt"
	"$programs/xpoll-top" --count 3 --interval 1 --json >"$out/top.json"
	# shellcheck disable=SC2086  # several processes
	kill $load
}

# One connection, so that the server is asleep when a message arrives.
compare() {
	say "xpoll-compare: the echo server, $messages messages"
	"$programs/xpoll-compare" --connections 1 --messages "$messages" --remark "$1" \
		--json "$out/compare.json" --html "$out/report.html" --svg "$out/path.svg" >"$out/compare.txt"
}

case $part in
loopback)
	follow_loopback
	compare "$5"
	;;
virtio)
	follow_virtio "$5"
	watch_instances
	;;
*)
	echo "$0: no part '$part'" >&2
	exit 2
	;;
esac
