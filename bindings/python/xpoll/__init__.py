# SPDX-License-Identifier: MIT
"""xpoll: an alternative epoll, over /dev/xpoll.

xpoll.epoll has the methods of select.epoll, with the same results and errors, and two more: enter(), which makes many
changes and waits in one system call, and post(), which lets a poll() return.

    import xpoll

    with xpoll.epoll() as poller:
        poller.register(0, xpoll.EPOLLIN)
        for fd, events in poller.poll(timeout=10):
            print(f"descriptor {fd} is ready")

xpoll.selectors has a selector for the module selectors, and xpoll.asyncio an event loop for asyncio. The differences
from select.epoll are those that README.md lists for the kernel module, and that epoll.fromfd() raises OSError (EBADF)
for each negative number. Where the module is not loaded, all of these raise FileNotFoundError or another OSError, and
a program may take select.epoll and selectors.DefaultSelector.
"""
from xpoll._xpoll import *
from xpoll._xpoll import __version__
