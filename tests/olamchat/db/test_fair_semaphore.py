"""Those who wait for a connection are served in the order of their coming."""

import threading

from olamchat.db.fair_semaphore import Turnstile


def test_who_came_first_goes_first_and_newcomers_do_not_pass() -> None:
    turnstile, order = Turnstile(1), []
    assert turnstile.enter(1)

    def wait(name: int) -> None:
        assert turnstile.enter(10)
        order.append(name)
        turnstile.leave()

    threads = [threading.Thread(target=wait, args=(name,)) for name in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(turnstile._line) < waiting:
            pass
    turnstile.leave()
    for thread in threads:
        thread.join(10)

    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_leaves_the_line() -> None:
    turnstile = Turnstile(1)
    assert turnstile.enter(1)

    assert not turnstile.enter(0.01)

    turnstile.leave()
    assert turnstile.enter(0.01)
