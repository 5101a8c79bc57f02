#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The guest's part of "make bench-servers": instructions of the whole machine for each request to redis and nginx, with
# the client on the same processor. The guest's clock counts instructions, and the processor is never idle.
set -eu

if [ $# -ne 2 ]; then
	echo "usage: $0 PACKAGES XPOLL-RUN" >&2
	exit 2
fi
packages=$1 run=$2
export PATH="$packages/usr/bin:$packages/usr/sbin:$PATH" LD_LIBRARY_PATH="$packages/usr/lib/x86_64-linux-gnu"
directory=$(mktemp -d)

cat >"$directory/nginx.conf" <<END
daemon off;
pid $directory/nginx.pid;
error_log $directory/nginx.log;
events { use epoll; }
http {
	access_log off;
	keepalive_requests 1000000;
	client_body_temp_path $directory/body;
	proxy_temp_path $directory/proxy;
	fastcgi_temp_path $directory/fastcgi;
	uwsgi_temp_path $directory/uwsgi;
	scgi_temp_path $directory/scgi;
	server {
		listen 127.0.0.1:8081;
		location / { return 200 "hello\n"; }
	}
}
END

# report SERVER IMPLEMENTATION CONNECTIONS: reads the number of requests in a second.
report() {
	awk -v what="$1, $2, $3 connection(s)" '{ printf "%-32s %8.0f\n", what, 1e9 / $1 }'
}

# redis IMPLEMENTATION COMMAND...
redis() {
	name=$1
	shift
	"$@" redis-server --port 7001 --save '' >"$directory/redis.log" 2>&1 &
	until redis-cli -p 7001 ping >/dev/null 2>&1; do :; done
	for connections in 1 50; do
		redis-benchmark -p 7001 -n 40000 -c "$connections" -t get --csv |
			sed -n 's/^"GET","\([0-9.]*\)".*/\1/p' | report redis "$name" "$connections"
	done
	redis-cli -p 7001 shutdown nosave
	wait
}

# nginx IMPLEMENTATION COMMAND...
nginx() {
	name=$1
	shift
	"$@" nginx -c "$directory/nginx.conf" -p "$directory" >"$directory/output" 2>&1 &
	pid=$!
	until curl --silent http://127.0.0.1:8081/ >/dev/null; do :; done
	for connections in 1 50; do
		wrk -t 1 -c "$connections" -d 1s http://127.0.0.1:8081/ |
			awk '/requests in/ { sub("s,", "", $4); print $1 / $4 }' | report nginx "$name" "$connections"
	done
	kill "$pid"
	wait
}

for server in redis nginx; do
	$server native env
	$server xpoll "$run"
	$server native env
done
