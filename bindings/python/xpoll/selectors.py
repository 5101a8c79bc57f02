# SPDX-License-Identifier: MIT
"""A selector that waits by xpoll, for the standard module selectors.

    selector = xpoll.selectors.XpollSelector()
    selector.register(connection, selectors.EVENT_READ, data)
    for key, events in selector.select(timeout=10):
        ...
"""
import collections.abc
import selectors

import xpoll

_EVENTS = selectors.EVENT_READ | selectors.EVENT_WRITE


def _mask(events):
    """The events of epoll for those of selectors."""
    return (xpoll.EPOLLIN if events & selectors.EVENT_READ else 0) | (
        xpoll.EPOLLOUT if events & selectors.EVENT_WRITE else 0
    )


def _descriptor(fileobj):
    """The descriptor of a file object, or ValueError."""
    try:
        fd = fileobj if isinstance(fileobj, int) else int(fileobj.fileno())
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"Invalid file object: {fileobj!r}") from None
    if fd < 0:
        raise ValueError(f"Invalid file descriptor: {fd}")
    return fd


class _Map(collections.abc.Mapping):
    """What get_map() returns: the keys of registered file objects."""

    def __init__(self, keys):
        self._keys = keys

    def __len__(self):
        return len(self._keys)

    def __iter__(self):
        return iter(self._keys)

    def __getitem__(self, fileobj):
        try:
            return self._keys[self._lookup(fileobj)]
        except KeyError:
            raise KeyError(f"{fileobj!r} is not registered") from None

    def _lookup(self, fileobj):
        """The descriptor under which a file object is registered, which may have been closed since."""
        try:
            return _descriptor(fileobj)
        except ValueError:
            for key in self._keys.values():
                if key.fileobj is fileobj:
                    return key.fd
            raise


class XpollSelector(selectors.BaseSelector):
    """A selector with the methods of selectors.EpollSelector, on an instance of xpoll.

    Timeouts of select() are rounded up to nanoseconds, those of EpollSelector to milliseconds.

    OSError (FileNotFoundError) if the module is not loaded.
    """

    def __init__(self):
        self._epoll = xpoll.epoll()
        self._keys = {}
        self._map = _Map(self._keys)

    def fileno(self):
        """Return the descriptor of the instance."""
        return self._epoll.fileno()

    def register(self, fileobj, events, data=None):
        if not events or events & ~_EVENTS:
            raise ValueError(f"Invalid events: {events!r}")
        fd = _descriptor(fileobj)
        if fd in self._keys:
            raise KeyError(f"{fileobj!r} (FD {fd}) is already registered")
        # Before the watch, whose first event may come to another thread.
        key = self._keys[fd] = selectors.SelectorKey(fileobj, fd, events, data)
        try:
            self._epoll.register(fd, _mask(events))
        except BaseException:
            del self._keys[fd]
            raise
        return key

    def unregister(self, fileobj):
        key = self._map[fileobj]
        del self._keys[key.fd]
        try:
            self._epoll.unregister(key.fd)
        except OSError:
            # The descriptor was closed, which ended its watch.
            pass
        return key

    def modify(self, fileobj, events, data=None):
        key = self._map[fileobj]
        if events == key.events and data == key.data:
            return key
        if events != key.events:
            try:
                self._epoll.modify(key.fd, _mask(events))
            except BaseException:
                self.unregister(fileobj)
                raise
        key = self._keys[key.fd] = key._replace(events=events, data=data)
        return key

    def select(self, timeout=None):
        # One more, for wake().
        maxevents = len(self._keys) + 1
        if timeout is None:
            ready = self._epoll.poll(None, maxevents)
        elif timeout <= 0:
            ready = self._epoll.poll(0, maxevents)
        else:
            ready, _ = self._epoll.enter((), timeout, maxevents)
        result = []
        for fd, mask in ready:
            key = self._keys.get(fd)
            if key is None:
                continue
            # EPOLLERR and EPOLLHUP are both.
            events = (selectors.EVENT_READ if mask & ~xpoll.EPOLLOUT else 0) | (
                selectors.EVENT_WRITE if mask & ~xpoll.EPOLLIN else 0
            )
            result.append((key, events & key.events))
        return result

    def wake(self):
        """Let a select() return, now or when it is called next. May be called in any thread."""
        self._epoll.post(-1)

    def close(self):
        self._epoll.close()
        self._keys.clear()

    def get_map(self):
        return None if self._epoll.closed else self._map
