# SPDX-License-Identifier: GPL-2.0-only
"""asyncio on a loop of xpoll."""
import asyncio
import importlib.util
import os
import signal
import sys
import threading
import unittest
import unittest.mock

import xpoll.asyncio


async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def client(port, lines):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = []
    for number in range(lines):
        writer.write(b"%d\n" % number)
        received.append(await reader.readline())
    writer.close()
    await writer.wait_closed()
    return received == [b"%d\n" % number for number in range(lines)]


async def serve_clients(count, lines):
    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        return await asyncio.gather(*(client(port, lines) for _ in range(count)))


class PolicyTest(unittest.TestCase):
    """Needs no module."""

    def load_anew(self):
        spec = importlib.util.find_spec("xpoll.asyncio")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def test_is_asyncios_with_other_loops(self):
        policy = self.load_anew().EventLoopPolicy
        self.assertTrue(issubclass(policy, asyncio.DefaultEventLoopPolicy))
        self.assertEqual(f"{policy.__module__}.{policy.__qualname__}", "xpoll.asyncio.EventLoopPolicy")

    def test_is_the_same_each_time(self):
        module = self.load_anew()
        self.assertIs(module.EventLoopPolicy, module.EventLoopPolicy)

    def test_is_missing_where_asyncio_has_none(self):
        with unittest.mock.patch.object(asyncio, "DefaultEventLoopPolicy"):
            del asyncio.DefaultEventLoopPolicy
            module = self.load_anew()
            self.assertTrue(callable(module.new_event_loop))
            self.assertFalse(hasattr(module, "EventLoopPolicy"))
            with self.assertRaisesRegex(AttributeError, "DefaultEventLoopPolicy.*new_event_loop"):
                module.EventLoopPolicy

    def test_has_no_other_names(self):
        with self.assertRaisesRegex(AttributeError, "'xpoll.asyncio' has no attribute 'Policy'"):
            self.load_anew().Policy


class LoopTest(unittest.TestCase):
    def run_on_xpoll(self, coroutine):
        with asyncio.Runner(loop_factory=xpoll.asyncio.new_event_loop) as runner:
            instance = runner.get_loop()._selector.fileno()
            self.assertEqual(os.readlink(f"/proc/self/fd/{instance}"), "anon_inode:[xpoll]")
            return runner.run(coroutine)

    def test_serves_connections(self):
        self.assertEqual(self.run_on_xpoll(serve_clients(20, 10)), [True] * 20)

    def test_another_thread_wakes_the_loop(self):
        async def wait():
            loop, event = asyncio.get_running_loop(), asyncio.Event()
            thread = threading.Timer(0.02, lambda: loop.call_soon_threadsafe(event.set))
            thread.start()
            await event.wait()
            thread.join()

        self.run_on_xpoll(wait())

    def test_a_signal_wakes_the_loop(self):
        async def wait():
            event = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, event.set)
            os.kill(os.getpid(), signal.SIGUSR1)
            await event.wait()

        self.run_on_xpoll(wait())

    def test_a_timer_is_not_early(self):
        async def wait():
            loop = asyncio.get_running_loop()
            for delay in (0.0001, 0.0015, 0.02):
                before = loop.time()
                await asyncio.sleep(delay)
                # asyncio itself takes a timer that is due within its clock's resolution.
                self.assertGreaterEqual(loop.time() - before + loop._clock_resolution, delay)

        self.run_on_xpoll(wait())

    def test_the_policy_makes_such_loops(self):
        async def output():
            program = (sys.executable, "-c", "print('from a process')")
            process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
            return (await process.communicate())[0], type(asyncio.get_running_loop()._selector).__name__

        asyncio.set_event_loop_policy(xpoll.asyncio.EventLoopPolicy())
        self.addCleanup(asyncio.set_event_loop_policy, None)
        self.assertEqual(asyncio.run(output()), (b"from a process\n", "XpollSelector"))
