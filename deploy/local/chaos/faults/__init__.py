"""Every fault that a run can be given, and the one table of them."""

from collections.abc import Awaitable, Callable, Mapping

from deploy.local.chaos.faults import network, processes, queues, servers
from deploy.local.chaos.house.installation import Installation
from deploy.local.chaos.timeline import Kind, Planned

Fault = Callable[[Installation, Planned], Awaitable[str]]
"""Does it, and undoes it where that is part of it; what was done, in words."""

PROCESSES: Mapping[Kind, Fault] = {
    Kind("kill a service", "processes"): processes.kill,
    Kind("kill between commit and publish", "processes", recovers=1.5): processes.kill_when_committed,
    Kind("kill between publish and confirm", "processes", recovers=1.5): processes.kill_when_published,
    Kind("kill between confirm and delete", "processes", recovers=1.5): processes.kill_when_confirmed,
    Kind("kill after the ack", "processes", recovers=1.5): processes.kill_when_acknowledged,
    Kind("freeze a service", "processes", (4, 40)): processes.freeze,
    Kind("scale 1-4-1", "processes", (4, 20), recovers=2): processes.scale,
    Kind("rolling restart", "processes", recovers=5): processes.roll,
}
SERVERS: Mapping[Kind, Fault] = {
    Kind("kill the broker", "servers", (0.5, 10), recovers=7): servers.kill_broker,
    Kind("restart the broker", "servers", (0.5, 10), recovers=8): servers.restart_broker,
    Kind("crash the database", "servers", recovers=3): servers.crash_database,
    Kind("kill database sessions", "servers"): servers.kill_sessions,
    Kind("a long transaction", "servers", (3, 60)): servers.long_transaction,
    Kind("memory alarm", "servers", (2, 20), recovers=3): servers.memory_alarm,
    Kind("disk alarm", "servers", (2, 20), recovers=3): servers.disk_alarm,
}
NETWORK: Mapping[Kind, Fault] = {
    Kind("cut off the broker", "network"): network.cut_broker,
    Kind("cut off the database", "network"): network.cut_database,
    Kind("half-open to the broker", "network", (3, 40), recovers=2): network.half_open_broker,
    Kind("half-open to the database", "network", (3, 40), recovers=2): network.half_open_database,
    Kind("stalled network", "network", (1, 10)): network.stall,
}
CLUSTER: Mapping[Kind, Fault] = {
    Kind("lose a node", "servers", (3, 30), recovers=10): servers.lose_node,
}
QUEUES: Mapping[Kind, Fault] = {
    Kind("delete a queue", "servers", recovers=3): queues.delete_queue,
    Kind("remove a binding", "servers", recovers=3): queues.remove_binding,
}
"""What the house has to notice and mend by itself."""

TILLS_QUEUE: Mapping[Kind, Fault] = {
    Kind("delete the tills' queue", "servers", recovers=3): queues.delete_tills_queue,
}
"""What only the tills can mend."""

EVERYTHING: Mapping[Kind, Fault] = {**PROCESSES, **SERVERS, **NETWORK, **CLUSTER, **QUEUES, **TILLS_QUEUE}
BY_NAME: Mapping[str, Fault] = {kind.name: fault for kind, fault in EVERYTHING.items()}


def kinds(cluster: bool) -> list[Kind]:
    """Those that a run is planned of."""
    return [*PROCESSES, *SERVERS, *NETWORK, *QUEUES, *TILLS_QUEUE, *(CLUSTER if cluster else ())]
