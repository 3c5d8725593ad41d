"""What a container has used so far, as the engine counts it."""

from docker.errors import APIError, NotFound

from factorlab.engine.connection import connect
from factorlab.engine.container.container import Container
from factorlab.engine.errors import translated


@translated
def cpu_seconds(container: Container) -> float:
    """The CPU seconds of all processes in a container since it was started; 0 when it does not
    run."""
    try:
        stats = connect().api.stats(container.id, stream=False, one_shot=True)
    except (NotFound, APIError):
        return 0.0
    return float(stats.get("cpu_stats", {}).get("cpu_usage", {}).get("total_usage", 0)) / 1e9
