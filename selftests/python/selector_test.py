# SPDX-License-Identifier: GPL-2.0-only
"""What selectors.EpollSelector does, and XpollSelector with it, where CPython's tests do not look."""
import os
import selectors
import socket
import threading
import time
import unittest

from kinds import PipeTest, on_each
from selectors import EVENT_READ, EVENT_WRITE
from xpoll.selectors import XpollSelector


@on_each({"native": selectors.EpollSelector, "xpoll": XpollSelector})
class SelectorTest(PipeTest):
    def test_takes_only_what_was_asked_for_of_errors_and_hang_ups(self):
        selector = self.made()
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        key = selector.register(writer, EVENT_WRITE)
        os.close(reader)
        self.assertEqual(selector.select(), [(key, EVENT_WRITE)])

    def test_an_error_or_a_hang_up_is_whatever_was_asked_for(self):
        selector = self.made()
        for kept, events in ((0, EVENT_WRITE), (1, EVENT_READ)):
            ends = os.pipe()
            self.addCleanup(os.close, ends[kept])
            key = selector.register(ends[kept], events)
            os.close(ends[1 - kept])
            self.assertEqual(selector.select(0), [(key, events)])
            selector.unregister(ends[kept])

    def test_both_events_at_once(self):
        selector = self.made()
        one, other = socket.socketpair()
        with one, other:
            key = selector.register(one, EVENT_READ | EVENT_WRITE, "data")
            self.assertEqual(selector.select(), [(key, EVENT_WRITE)])
            other.send(b"x")
            self.assertEqual(selector.select(), [(key, EVENT_READ | EVENT_WRITE)])
            key = selector.modify(one, EVENT_READ, "new data")
            self.assertEqual((key.events, key.data), (EVENT_READ, "new data"))
            self.assertEqual(selector.select(), [(key, EVENT_READ)])

    def test_a_modify_that_fails_ends_the_registration(self):
        selector = self.made()
        reader, writer = os.pipe()
        selector.register(reader, EVENT_READ)
        os.close(writer)
        os.close(reader)
        with self.assertRaises(OSError):
            selector.modify(reader, EVENT_WRITE)
        self.assertNotIn(reader, selector.get_map())

    def test_a_register_that_fails_leaves_no_registration(self):
        selector = self.made()
        with open(__file__, "rb") as file:
            with self.assertRaises(PermissionError):
                selector.register(file, EVENT_READ)
            self.assertNotIn(file, selector.get_map())

    def test_errors_after_close(self):
        selector = self.made()
        reader, _ = self.pipe()
        selector.register(reader, EVENT_READ)
        kept = selector.get_map()
        selector.close()
        self.assertIsNone(selector.get_map())
        self.assertEqual(len(kept), 0)
        self.assertRaises(RuntimeError, selector.get_key, reader)
        self.assertRaises(KeyError, selector.unregister, reader)
        self.assertRaises(KeyError, selector.modify, reader, EVENT_READ)
        self.assertRaises(ValueError, selector.fileno)
        self.assertRaises(ValueError, selector.select)
        self.assertRaises(ValueError, selector.register, reader, EVENT_READ)
        selector.close()

    def test_refuses_wrong_events_and_files(self):
        selector = self.made()
        for events in (0, 4, EVENT_READ | 4):
            self.assertRaises(ValueError, selector.register, 0, events)
        for file in (None, object(), "x", -1):
            self.assertRaises(ValueError, selector.register, file, EVENT_READ)
        self.assertRaises(ValueError, selector.unregister, None)
        self.assertRaises(KeyError, selector.unregister, 0)
        self.assertRaises(KeyError, selector.modify, 0, EVENT_READ)

    def test_returns_all_that_is_ready(self):
        selector = self.made()
        for _ in range(20):
            selector.register(self.pipe()[1], EVENT_WRITE)
        self.assertEqual(len(selector.select()), 20)

    def test_a_timeout_is_not_shortened(self):
        selector = self.made()
        for timeout in (1e-9, 0.0004, 0.003):
            before = time.monotonic_ns()
            self.assertEqual(selector.select(timeout), [])
            self.assertGreaterEqual(time.monotonic_ns() - before, timeout * 1e9)


class XpollSelectorTest(PipeTest, unittest.TestCase):
    create = staticmethod(XpollSelector)

    def test_is_on_xpoll(self):
        link = os.readlink(f"/proc/self/fd/{self.made().fileno()}")
        self.assertEqual(link, "anon_inode:[xpoll]")

    def test_wake_lets_select_return(self):
        selector = self.made()
        reader, _ = self.pipe()
        selector.register(reader, EVENT_READ)
        thread = threading.Timer(0.05, selector.wake)
        thread.start()
        self.assertEqual(selector.select(), [])
        thread.join()
        selector.wake()
        self.assertEqual(selector.select(), [])
