# SPDX-License-Identifier: GPL-2.0-only
"""What select.epoll does, and xpoll.epoll with it."""
import errno
import os
import resource
import select
import signal
import sys
import threading
import time
import tracemalloc

from kinds import ALL, PipeTest, on_each

IN, OUT = select.EPOLLIN, select.EPOLLOUT


@on_each({name: ALL[name] for name in ("native", "xpoll")})
class ConstructorTest:
    def test_refuses_what_is_no_number(self):
        for arguments in ((1, 2, 3), ("x",), (None,), (1.5,), (1, "x")):
            with self.subTest(arguments), self.assertRaises(TypeError):
                self.create(*arguments)
        with self.assertRaises(TypeError):
            self.create(size=1)

    def test_refuses_a_sizehint_that_is_not_positive(self):
        for sizehint in (0, -2):
            with self.subTest(sizehint), self.assertRaisesRegex(ValueError, "negative sizehint"):
                self.create(sizehint)

    def test_refuses_unknown_flags(self):
        with self.assertRaisesRegex(OSError, "invalid flags"):
            self.create(flags=1)

    def test_sets_close_on_exec_with_any_flags(self):
        for flags in (0, select.EPOLL_CLOEXEC):
            with self.create(-1, flags) as made:
                self.assertFalse(os.get_inheritable(made.fileno()))

    def test_reports_that_no_descriptor_is_left(self):
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
        try:
            with self.assertRaises(OSError) as raised:
                self.create()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        self.assertEqual(raised.exception.errno, errno.EMFILE)


@on_each(ALL)
class LifetimeTest(PipeTest):
    def test_with_closes(self):
        with self.create() as made:
            fd = made.fileno()
            self.assertFalse(made.closed)
        self.assertTrue(made.closed)
        with self.assertRaises(OSError):
            os.fstat(fd)

    def test_the_last_reference_closes(self):
        fd = self.create().fileno()
        with self.assertRaises(OSError):
            os.fstat(fd)

    def test_close_may_be_called_again(self):
        made = self.create()
        made.close()
        self.assertIsNone(made.close())

    def test_close_forgives_that_the_descriptor_was_closed(self):
        made = self.create()
        os.close(made.fileno())
        self.assertIsNone(made.close())
        self.assertTrue(made.closed)

    def test_a_closed_object_refuses_all_methods(self):
        made = self.create()
        made.close()
        calls = {
            "fileno": made.fileno,
            "register": lambda: made.register(0),
            "modify": lambda: made.modify(0, IN),
            "unregister": lambda: made.unregister(0),
            "poll": made.poll,
            "__enter__": made.__enter__,
        }
        for name, call in calls.items():
            with self.subTest(name), self.assertRaisesRegex(ValueError, "I/O operation on closed epoll object"):
                call()

    def test_fromfd_uses_the_instance_and_closes_the_descriptor(self):
        made = self.made()
        reader, writer = self.pipe()
        made.register(reader, IN)
        fd = os.dup(made.fileno())
        with type(made).fromfd(fd) as same:
            self.assertEqual(same.fileno(), fd)
            os.write(writer, b"x")
            self.assertEqual(same.poll(0), [(reader, IN)])
        with self.assertRaises(OSError):
            os.fstat(fd)

    def test_fromfd_takes_a_number(self):
        for wrong in ("x", None, 1.0):
            with self.subTest(wrong), self.assertRaises(TypeError):
                type(self.made()).fromfd(wrong)
        with self.assertRaises(OverflowError):
            type(self.made()).fromfd(1 << 40)


@on_each(ALL)
class ControlTest(PipeTest):
    def assertFails(self, error, call, *arguments):
        with self.assertRaises(OSError) as raised:
            call(*arguments)
        self.assertEqual(errno.errorcode[raised.exception.errno], errno.errorcode[error])

    def test_register_watches_in_out_and_pri_by_default(self):
        made = self.made()
        reader, writer = self.pipe()
        made.register(writer)
        made.register(reader)
        os.write(writer, b"x")
        self.assertEqual(sorted(made.poll(0)), [(reader, IN), (writer, OUT)])

    def test_takes_an_object_with_fileno(self):
        made = self.made()
        reader, writer = self.pipe()
        with os.fdopen(os.dup(writer), "wb") as file:
            made.register(file, OUT)
            self.assertEqual(made.poll(0), [(file.fileno(), OUT)])
            made.modify(file, 0)
            self.assertEqual(made.poll(0), [])
            self.assertIsNone(made.unregister(file))

    def test_takes_its_arguments_by_name(self):
        made = self.made()
        _, writer = self.pipe()
        self.assertIsNone(made.register(fd=writer, eventmask=0))
        self.assertIsNone(made.modify(eventmask=OUT, fd=writer))
        self.assertEqual(made.poll(maxevents=1, timeout=0), [(writer, OUT)])
        self.assertIsNone(made.unregister(fd=writer))

    def test_refuses_wrong_arguments(self):
        made = self.made()
        for method, arguments, named in (
            (made.register, (), {}),
            (made.register, (0, 1, 2), {}),
            (made.register, (0,), {"fd": 0}),
            (made.register, (0,), {"mask": 0}),
            (made.register, (0, "x"), {}),
            (made.register, (0, 1.0), {}),
            (made.register, (None,), {}),
            (made.register, ("x",), {}),
            (made.modify, (0,), {}),
            (made.unregister, (), {}),
            (made.unregister, (0, 1), {}),
            (made.poll, ("x",), {}),
            (made.poll, (0, "x"), {}),
            (made.poll, (0, 1.0), {}),
            (made.poll, (0, 1, 2), {}),
        ):
            with self.subTest(f"{method.__name__}{arguments}{named}"), self.assertRaises(TypeError):
                method(*arguments, **named)
        for method in (made.register, made.unregister):
            with self.assertRaises(ValueError):
                method(-1)
            with self.assertRaises(OverflowError):
                method(1 << 40)

    def test_takes_the_low_32_bits_of_an_eventmask(self):
        made = self.made()
        _, writer = self.pipe()
        made.register(writer, (1 << 70) | OUT)
        self.assertEqual(made.poll(0), [(writer, OUT)])

    def test_reports_epolls_errors(self):
        made = self.made()
        reader, _ = self.pipe()
        made.register(reader, IN)
        self.assertFails(errno.EEXIST, made.register, reader, IN)
        made.unregister(reader)
        self.assertFails(errno.ENOENT, made.modify, reader, IN)
        self.assertFails(errno.ENOENT, made.unregister, reader)
        self.assertFails(errno.EBADF, made.register, 1 << 20, IN)
        self.assertFails(errno.EBADF, made.unregister, 1 << 20)
        self.assertFails(errno.EINVAL, made.register, made, IN)
        with open(__file__, "rb") as file:
            self.assertFails(errno.EPERM, made.register, file, IN)

    def test_a_fileno_that_closes_the_object(self):
        made = self.made()

        class Closes:
            def fileno(self):
                made.close()
                return 0

        with self.assertRaises(ValueError):
            made.register(Closes())

    def test_events_have_bit_31(self):
        made = self.made()
        reader, writer = self.pipe()
        made.register(writer, OUT | select.EPOLLET)
        self.assertEqual(made.poll(0), [(writer, OUT)])
        self.assertEqual(made.poll(0), [])
        made.modify(writer, OUT | select.EPOLLONESHOT)
        self.assertEqual(made.poll(0), [(writer, OUT)])
        self.assertEqual(made.poll(0), [])


@on_each(ALL)
class PollTest(PipeTest):
    def setUp(self):
        # In reverse: the timer goes before the handler.
        self.addCleanup(signal.signal, signal.SIGALRM, signal.getsignal(signal.SIGALRM))
        self.addCleanup(signal.setitimer, signal.ITIMER_REAL, 0)

    def test_maxevents_limits_the_list(self):
        made = self.made()
        for _ in range(3):
            made.register(self.pipe()[1], OUT)
        self.assertEqual(len(made.poll(0, 2)), 2)
        self.assertEqual(len(made.poll(0, -1)), 3)

    def test_refuses_a_wrong_maxevents(self):
        made = self.made()
        for maxevents in (0, -2):
            with self.subTest(maxevents), self.assertRaisesRegex(
                ValueError, f"maxevents must be greater than 0, got {maxevents}"
            ):
                made.poll(0, maxevents)
        with self.assertRaises(OverflowError):
            made.poll(0, 1 << 40)

    def test_refuses_a_wrong_timeout(self):
        made = self.made()
        with self.assertRaisesRegex(TypeError, "timeout must be an integer or None"):
            made.poll("x")
        with self.assertRaises(ValueError):
            made.poll(float("nan"))
        for timeout in (2**31 / 1000, 2**31, 2**40, 2**70, 1e300, float("inf"), -1e300, -2.2e6):
            with self.subTest(timeout), self.assertRaises(OverflowError):
                made.poll(timeout)

    def test_rounds_a_timeout_up_to_a_millisecond(self):
        made = self.made()
        for timeout, least in ((1e-12, 1_000_000), (0.0011, 2_000_000), (0.002, 2_000_000)):
            before = time.monotonic_ns()
            self.assertEqual(made.poll(timeout), [])
            self.assertGreaterEqual(time.monotonic_ns() - before, least)

    def test_rounds_a_negative_timeout_up_to_zero(self):
        made = self.made()
        for timeout in (-1e-12, -0.0009):
            self.assertEqual(made.poll(timeout), [])

    def test_a_negative_timeout_is_no_limit(self):
        for timeout in (None, -1, -0.001, -5.5):
            made = self.made()
            reader, writer = self.pipe()
            made.register(reader, IN)
            signal.signal(signal.SIGALRM, lambda *_: os.write(writer, b"x"))
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            self.assertEqual(made.poll(timeout), [(reader, IN)])

    def test_waits_on_after_a_signal_until_its_timeout(self):
        made = self.made()
        calls = []
        signal.signal(signal.SIGALRM, lambda *_: calls.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
        before = time.monotonic_ns()
        self.assertEqual(made.poll(0.3), [])
        self.assertGreaterEqual(time.monotonic_ns() - before, 300_000_000)
        self.assertTrue(calls)

    def test_an_exception_of_a_signal_handler_ends_the_wait(self):
        made = self.made()

        def handler(*_):
            raise ZeroDivisionError

        signal.signal(signal.SIGALRM, handler)
        with self.assertRaises(ZeroDivisionError):
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            made.poll()

    def test_a_signal_handler_may_close_the_object(self):
        made = self.made()
        signal.signal(signal.SIGALRM, lambda *_: made.close())
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        # ValueError if the signal came before the call.
        with self.assertRaises((OSError, ValueError)) as raised:
            made.poll()
        if isinstance(raised.exception, OSError):
            self.assertEqual(raised.exception.errno, errno.EBADF)

    def test_other_threads_run_meanwhile(self):
        made = self.made()
        reader, writer = self.pipe()
        made.register(reader, IN)
        begun = threading.Event()
        # Sleeps in the kernel in the end, and only then gets the interpreter's lock, if poll() gives it away.
        thread = threading.Thread(target=lambda: begun.wait() and os.write(writer, b"x"))
        thread.start()
        begun.set()
        self.assertEqual(made.poll(), [(reader, IN)])
        thread.join()

    def test_each_event_comes_to_one_of_the_threads(self):
        made = self.made()
        reader, writer = self.pipe()
        os.set_blocking(reader, False)
        made.register(reader, IN | select.EPOLLET)
        last, last_writer = self.pipe()
        made.register(last, IN)
        counts = []

        def take():
            count = 0
            while True:
                for fd, _ in made.poll():
                    if fd == last:
                        counts.append(count)
                        return
                    try:
                        while True:
                            count += len(os.read(reader, 1))
                    except BlockingIOError:
                        pass

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(1000):
            os.write(writer, b"x")
        # Until all is read, since the last event ends a thread whatever is there.
        with select.epoll() as rest:
            rest.register(reader, IN)
            while rest.poll(0):
                time.sleep(0)
        os.write(last_writer, b"x")
        for thread in threads:
            thread.join()
        self.assertEqual(sum(counts), 1000)

    def test_keeps_no_memory(self):
        made = self.made()
        reader, writer = self.pipe()
        os.write(writer, b"x")

        def use():
            made.register(reader, IN)
            made.poll(0)
            made.modify(reader, eventmask=IN | OUT)
            made.poll(timeout=0, maxevents=7)
            made.unregister(reader)
            for call in (lambda: made.unregister(reader), lambda: made.poll("x"), lambda: made.poll(0, 0)):
                try:
                    call()
                except (OSError, TypeError, ValueError):
                    continue
                self.fail("no error")

        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        use()
        before = tracemalloc.get_traced_memory()[0]
        references = sys.getrefcount(None)
        for _ in range(500):
            use()
        self.assertLess(tracemalloc.get_traced_memory()[0] - before, 4096)
        self.assertLess(abs(sys.getrefcount(None) - references), 100)
