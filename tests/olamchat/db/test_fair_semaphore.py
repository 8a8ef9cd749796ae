"""Those who wait for a connection are served in the order of their coming."""

import threading

from olamchat.db.fair_semaphore import FairSemaphore


def test_who_came_first_goes_first_and_newcomers_do_not_pass() -> None:
    semaphore, order = FairSemaphore(1), []
    assert semaphore.enter(1)

    def wait(name: int) -> None:
        assert semaphore.enter(10)
        order.append(name)
        semaphore.leave()

    threads = [threading.Thread(target=wait, args=(name,)) for name in range(5)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(semaphore._line) < waiting:
            pass
    semaphore.leave()
    for thread in threads:
        thread.join(10)

    assert order == [0, 1, 2, 3, 4]


def test_who_gives_up_leaves_the_line() -> None:
    semaphore = FairSemaphore(1)
    assert semaphore.enter(1)

    assert not semaphore.enter(0.01)

    semaphore.leave()
    assert semaphore.enter(0.01)
