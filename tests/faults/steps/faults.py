"""The faults that answers with steps must survive."""

from tests.faults.faults import Fault, everything, flush, gone, kill, nothing, pause, terminate

OUTAGE_S = 10.0
# Longer than a call may take in this house.
HANGS_S = 20.0

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("none", nothing),
        Fault("steps-kill", kill("steps-0")),
        Fault("steps-term", terminate("steps-0")),
        Fault("steps-pause", pause("steps-0")),
        Fault("worker-kill", kill("worker-0")),
        Fault("worker-term", terminate("worker-0")),
        Fault("tools-kill", kill("tools"), is_needed=True),
        Fault("tools-hang", pause("tools", HANGS_S), is_needed=True),
        Fault("redis-flush", flush),
        Fault("redis-pause", pause("redis"), is_needed=True),
        Fault("redis-gone", gone("redis", OUTAGE_S), is_needed=True),
        Fault("postgres-gone", gone("postgres", OUTAGE_S), is_needed=True),
        Fault("everything", everything, is_needed=True),
    )
}
SHORT = ("steps-kill", "everything")
