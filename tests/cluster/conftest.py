"""A real cluster, started by tests/cluster/run: these tests are no part of `make test`."""

import os

import pytest

from tests.cluster.release import NAMESPACE, Release, restricted

collect_ignore_glob = [] if os.environ.get("CLUSTER_TEST") else ["test_*.py"]


@pytest.fixture(scope="session")
def namespace() -> str:
    """A namespace that refuses every pod that isn't `restricted`, and warns of what is allowed for now."""
    return restricted(NAMESPACE)


@pytest.fixture(scope="session")
def release(namespace: str) -> Release:
    """The chart, installed and waited for."""
    release = Release()
    release.install()
    return release
