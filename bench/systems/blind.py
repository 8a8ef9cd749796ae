"""Run a module with nothing counted, timed or logged: what observing costs is the difference. `python -m bench.systems.blind gunicorn …`."""

import runpy
import sys
from typing import Any


def put_out_the_eyes() -> None:
    """Make every metric do nothing; what is said with every request is off by the log's level."""
    import prometheus_client
    from prometheus_client.metrics import MetricWrapperBase

    def nothing(*_: Any, **__: Any) -> None: ...

    MetricWrapperBase.labels = lambda self, *_, **__: self  # type: ignore[method-assign]
    for kind, verbs in (("Counter", ("inc",)), ("Gauge", ("inc", "dec", "set")), ("Histogram", ("observe",))):
        for verb in verbs:
            setattr(getattr(prometheus_client, kind), verb, nothing)


if __name__ == "__main__":
    del sys.argv[0]
    if sys.argv[0] == "gunicorn":
        from gevent import monkey

        monkey.patch_all()
    put_out_the_eyes()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
