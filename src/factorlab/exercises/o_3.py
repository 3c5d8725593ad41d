"""O-3: detective."""

from factorlab.checks.contract import Contract, Request
from factorlab.exercises.spec import Spec, Task

SPEC = Spec(
    id="O-3",
    files=("detective.py", "Dockerfile"),
    contract=Contract(
        variables=(),
        read=Request("GET", "/"),
        write=Request("POST", "/"),
        commands={"detective": ("python", "detective.py")},
    ),
    tasks=(
        Task("errors", "Who fails, and for whom", "errors-are-traced", 2),
        Task("slow", "Who is slow, and for whom", "slowness-is-traced", 3),
        Task("repeats", "Who asks too often, and for whom", "repeats-are-traced", 2),
    ),
    hints=(
        "The starter counts failures by tenant. Who is named when one tenant sends most of all "
        "requests? And which spans fail when prices fails?",
        "Only the shop's topmost span has a tenant. The others have its trace_id: "
        "tenants = {trace_id: tenant} first, then go through all spans.",
        "For each span, collect its children: below[span[\"parent_id\"]].append(span). Its own "
        "time is its duration less the sum of theirs; its calls are len(below[span_id]).",
        "Each span can have a verdict: errors when it has an event, slow when its own time is "
        "above 200 ms, repeats from 12 calls. Count the traces by (service, tenant, kind), divide "
        "by the tenant's traces, take the largest.",
        "datetime.fromisoformat(span[\"start_time\"]) reads the times, and .total_seconds() of a "
        "difference is a number. Lines that do not begin with { are no spans.",
    ),
)  # fmt: skip
