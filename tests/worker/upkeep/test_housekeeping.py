"""What a worker tells about itself and about those who wait."""

import json
import subprocess
import sys
import urllib.error
import urllib.request

from olamchat import jobs, roster
from olamchat.tokenlog.events import Queued
from tests.conftest import free_port
from tests.leash import LEASH
from tests.worker.conftest import ROOT, House, until


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_a_worker_shows_its_health_and_counts_what_it_does(house: House) -> None:
    port = free_port()
    heartbeat = house.folder / "heartbeat"
    house.start(OLAMCHAT_WORKER_PORT=str(port), OLAMCHAT_WORKER_HEARTBEAT_FILE=str(heartbeat))
    house.ask().until_told()
    assert get(port, "/health/live")[0] == 200
    assert get(port, "/health/ready")[0] == 200
    assert get(port, "/nothing")[0] == 404
    until(heartbeat.exists, "a heartbeat")
    counts = get(port, "/metrics")[1]
    assert 'olamchat_worker_turns_taken_total{kind="answer",pool="ollama"} 1.0' in counts
    assert 'olamchat_worker_answers_total{pool="ollama",status="done"} 1.0' in counts


def test_a_worker_says_what_it_offers_and_takes_it_back_when_it_ends(house: House) -> None:
    worker = house.start()
    until(lambda: house.offer("counter") == "loaded", "the offer")
    [member] = roster.workers()
    assert (member.capacity, member.offers[0].pool, member.offers[0].context_length) == (4, "ollama", 8192)
    worker.process.terminate()
    assert worker.wait() == 0
    assert roster.workers() == []


def test_models_of_an_engine_that_goes_away_are_down(house: House) -> None:
    engine = subprocess.Popen(
        [*LEASH, sys.executable, "-m", "tests.scripted_engine", "--model", "counter?length=5"], stdout=subprocess.PIPE, cwd=ROOT
    )
    with engine:
        assert engine.stdout
        house.start(OLLAMA_URL=json.loads(engine.stdout.readline())["url"])
        until(lambda: house.offer("counter") == "loaded", "the offer")
        engine.terminate()
        assert engine.wait(10) == 0
    until(lambda: house.offer("counter") == "down", "the bad news")


def test_those_who_wait_are_told_their_position(house: House) -> None:
    house.script(length=2000, rate=100)
    house.start(OLAMCHAT_CONCURRENCY="1")
    several = [house.ask() for _ in range(3)]
    several[0].until_read(1)
    until(lambda: [event.position for event in several[2].events if isinstance(event, Queued)][-1:] == [2], "position 2")
    assert jobs.load("ollama") == 3


def test_a_load_that_was_miscounted_is_counted_anew(house: House) -> None:
    house.start()
    jobs.enter("ollama", "a-turn-that-is-long-gone")
    jobs.enter("vllm", "another")
    until(lambda: jobs.load("ollama") == jobs.load("vllm") == 0, "a load of nothing")


def test_a_bad_setting_ends_it_with_a_sentence(house: House) -> None:
    worker = house.start(OLAMCHAT_POOLS="nowhere")
    assert worker.wait() == 2
    assert "OLAMCHAT_POOLS names nowhere; there are demo, ollama" in worker.log.read_text()
