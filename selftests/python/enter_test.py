# SPDX-License-Identifier: GPL-2.0-only
"""What xpoll.epoll has beyond select.epoll."""
import errno
import os
import signal
import threading
import time
import tracemalloc
import unittest

import xpoll
from kinds import PipeTest, XPOLLS, on_each
from xpoll import EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EPOLLIN, EPOLLONESHOT, EPOLLOUT, XPOLL_CTL_UPSERT


@on_each(XPOLLS)
class EnterTest(PipeTest):
    def setUp(self):
        # In reverse: the timer goes before the handler.
        self.addCleanup(signal.signal, signal.SIGALRM, signal.getsignal(signal.SIGALRM))
        self.addCleanup(signal.setitimer, signal.ITIMER_REAL, 0)

    def test_makes_changes_and_returns_what_is_ready(self):
        made = self.made()
        reader, writer = self.pipe()
        events, results = made.enter([(EPOLL_CTL_ADD, reader, EPOLLIN), (EPOLL_CTL_ADD, writer, EPOLLOUT)], 0)
        self.assertEqual((events, results), ([(writer, EPOLLOUT)], [0, 0]))
        os.write(writer, b"x")
        self.assertEqual(sorted(made.enter()[0]), [(reader, EPOLLIN), (writer, EPOLLOUT)])
        self.assertEqual(made.enter([(EPOLL_CTL_DEL, reader), (EPOLL_CTL_DEL, writer, 0)], 0), ([], [0, 0]))

    def test_arms_and_waits(self):
        made = self.made()
        _, writer = self.pipe()
        made.register(writer, EPOLLOUT | EPOLLONESHOT)
        for _ in range(3):
            self.assertEqual(len(made.poll(0)), 1)
            self.assertEqual(made.poll(0), [])
            made.enter([(EPOLL_CTL_MOD, writer, EPOLLOUT | EPOLLONESHOT)], maxevents=0)

    def test_upsert_adds_or_changes(self):
        made = self.made()
        _, writer = self.pipe()
        self.assertEqual(made.enter([(XPOLL_CTL_UPSERT, writer, 0)], 0), ([], [0]))
        self.assertEqual(made.enter([(XPOLL_CTL_UPSERT, writer, EPOLLOUT)], 0), ([(writer, EPOLLOUT)], [0]))

    def test_takes_any_iterable_and_objects_with_fileno(self):
        made = self.made()
        _, writer = self.pipe()
        with os.fdopen(os.dup(writer), "wb") as file:
            changes = ((EPOLL_CTL_ADD, end, EPOLLOUT) for end in (writer, file))
            self.assertEqual(made.enter(changes, 0)[1], [0, 0])

    def test_a_change_that_fails_has_a_result_and_raises_nothing(self):
        made = self.made()
        _, writer = self.pipe()
        changes = [(EPOLL_CTL_MOD, writer, 0), (EPOLL_CTL_ADD, 1 << 20, 0), (77, writer), (EPOLL_CTL_ADD, writer, 4)]
        self.assertEqual(
            made.enter(changes, 0), ([(writer, EPOLLOUT)], [errno.ENOENT, errno.EBADF, errno.EINVAL, 0])
        )

    def test_stop_ends_the_changes_and_does_not_sleep(self):
        made = self.made()
        reader, writer = self.pipe()
        changes = [(EPOLL_CTL_ADD, reader, 1), (EPOLL_CTL_ADD, reader, 1), (EPOLL_CTL_ADD, writer, EPOLLOUT)]
        self.assertEqual(made.enter(changes, None, stop=True), ([], [0, errno.EEXIST]))

    def test_refuses_wrong_arguments(self):
        made = self.made()
        for changes in (5, [5], [()], [(1,)], [(1, 2, 3, 4)], [[1, 2]], [("x", 0)], [(1, None)], [(1, 0, "x")]):
            with self.subTest(changes), self.assertRaises(TypeError):
                made.enter(changes, 0)
        for changes in ([(-1, 0)], [(65536, 0)], [(1, -1)], [(EPOLL_CTL_DEL, 0)] * 4097):
            with self.subTest(changes[0]), self.assertRaises(ValueError):
                made.enter(changes, 0)
        for named in ({"maxevents": -2}, {"minevents": -1}, {"maxevents": 2, "minevents": 3}):
            with self.subTest(named), self.assertRaises(ValueError):
                made.enter((), 0, **named)
        with self.assertRaises(TypeError):
            made.enter((), 0, 1, 0)
        made.close()
        with self.assertRaises(ValueError):
            made.enter((), 0)

    def test_makes_as_many_changes_as_the_kernel_takes(self):
        self.assertEqual(self.made().enter([(EPOLL_CTL_DEL, 1 << 20)] * 4096, 0)[1], [errno.EBADF] * 4096)

    def test_an_iterable_may_close_the_object(self):
        made = self.made()
        _, writer = self.pipe()

        def changes():
            made.close()
            yield EPOLL_CTL_ADD, writer, EPOLLOUT

        with self.assertRaises(OSError) as raised:
            made.enter(changes(), 0)
        self.assertEqual(raised.exception.errno, errno.EBADF)

    def test_a_signal_does_not_repeat_the_changes(self):
        made = self.made()
        reader, writer = self.pipe()
        rest = [2]

        def handler(*_):
            rest[0] -= 1
            if not rest[0]:
                os.write(writer, b"x")

        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
        changes = [(EPOLL_CTL_ADD, reader, EPOLLIN), (EPOLL_CTL_DEL, 1 << 20)]
        self.assertEqual(made.enter(changes), ([(reader, EPOLLIN)], [0, errno.EBADF]))

    def test_waits_on_after_a_signal_until_its_timeout(self):
        made = self.made()
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
        before = time.monotonic_ns()
        self.assertEqual(made.enter((), 0.3), ([], []))
        self.assertGreaterEqual(time.monotonic_ns() - before, 300_000_000)

    def test_an_exception_of_a_signal_handler_ends_the_wait(self):
        made = self.made()
        reader, _ = self.pipe()

        def handler(*_):
            raise ZeroDivisionError

        signal.signal(signal.SIGALRM, handler)
        with self.assertRaises(ZeroDivisionError):
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            made.enter([(EPOLL_CTL_ADD, reader, EPOLLIN)])

    def test_keeps_no_memory(self):
        made = self.made()
        reader, writer = self.pipe()
        os.write(writer, b"x")

        def use():
            made.enter([(XPOLL_CTL_UPSERT, reader, EPOLLIN), (EPOLL_CTL_DEL, writer)], timeout=0)
            for changes in ([(1, 2, 3), (1, None)], 5, [(EPOLL_CTL_DEL, 0)] * 4097):
                with self.assertRaises((TypeError, ValueError)):
                    made.enter(changes, 0)

        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        use()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(200):
            use()
        self.assertLess(tracemalloc.get_traced_memory()[0] - before, 4096)


class MinimumTest(PipeTest, unittest.TestCase):
    """Native epoll has no minimum."""

    create = staticmethod(xpoll.epoll)

    def test_waits_for_a_minimum_of_events(self):
        made = self.made()
        pipes = [self.pipe() for _ in range(2)]
        for reader, _ in pipes:
            made.register(reader, EPOLLIN)
        os.write(pipes[0][1], b"x")
        thread = threading.Timer(0.05, os.write, (pipes[1][1], b"x"))
        thread.start()
        events, _ = made.enter((), None, minevents=2)
        thread.join()
        self.assertEqual(len(events), 2)
        self.assertEqual(len(made.enter((), 0, minevents=2)[0]), 2)


class PostTest(PipeTest, unittest.TestCase):
    create = staticmethod(xpoll.epoll)

    def test_is_delivered_once_and_the_last_one_counts(self):
        made = self.made()
        made.post(5)
        self.assertIsNone(made.post(-7))
        self.assertEqual(made.poll(), [(-7, EPOLLIN)])
        self.assertEqual(made.poll(0), [])

    def test_takes_any_number_of_32_bits(self):
        made = self.made()
        for number in (-(2**31), -1, 0, 2**31 - 1):
            made.post(number)
            self.assertEqual(made.enter(), ([(number, EPOLLIN)], []))
        for number in (2**31, -(2**31) - 1, 2**70):
            with self.assertRaises(OverflowError):
                made.post(number)
        with self.assertRaises(TypeError):
            made.post("x")

    def test_ends_the_wait_of_another_thread(self):
        made = self.made()
        thread = threading.Timer(0.05, made.post, (1,))
        thread.start()
        self.assertEqual(made.poll(), [(1, EPOLLIN)])
        thread.join()

    def test_a_closed_object_refuses_it(self):
        made = self.made()
        made.close()
        with self.assertRaises(ValueError):
            made.post(1)

    def test_native_epoll_has_none(self):
        with XPOLLS["native_by_xpoll"]() as native, self.assertRaises(OSError):
            native.post(1)
