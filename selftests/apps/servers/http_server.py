# SPDX-License-Identifier: GPL-2.0-only
"""Serves the files of a directory over HTTP with asyncio: http_server.py PORT DIRECTORY"""
import asyncio
import pathlib
import signal
import sys


async def serve_connection(directory, reader, writer):
    """One request, then its response, then the next, until the client closes."""
    while request := await reader.readline():
        while await reader.readline() != b"\r\n":
            pass
        file = directory / request.split()[1].decode().lstrip("/")
        found = file.is_file()
        content = file.read_bytes() if found else b""
        status = b"200 OK" if found else b"404 Not Found"
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n" % (status, len(content)))
        writer.write(content)
        await writer.drain()
    writer.close()


async def main(port, directory):
    terminated = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminated.set)

    async def on_connection(reader, writer):
        await serve_connection(pathlib.Path(directory), reader, writer)

    async with await asyncio.start_server(on_connection, "127.0.0.1", int(port)):
        await terminated.wait()


asyncio.run(main(*sys.argv[1:]))
