"""A shop that measures with OpenTelemetry."""

import time

from fastapi import Body, FastAPI, Request, Response
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

reader = InMemoryMetricReader()
meter = MeterProvider([reader]).get_meter("shop")
requests = meter.create_counter("http_requests_total")
seconds = meter.create_histogram(
    "http_request_duration_seconds", explicit_bucket_boundaries_advisory=[0.1, 0.3, 1, 2, 5]
)

app = FastAPI()


@app.exception_handler(Exception)
async def failed(request: Request, error: Exception):
    requests.add(1, {"path": path_of(request), "status": "500"})
    seconds.record(time.perf_counter() - request.state.began, {"path": path_of(request)})
    return Response("failed", 500)


def path_of(request):
    return getattr(request.scope.get("route"), "path", "unknown")


@app.middleware("http")
async def measure(request: Request, call_next):
    request.state.began = time.perf_counter()
    response = await call_next(request)
    requests.add(1, {"path": path_of(request), "status": str(response.status_code)})
    seconds.record(time.perf_counter() - request.state.began, {"path": path_of(request)})
    return response


@app.get("/")
def home():
    return {"greeting": "Welcome to the shop"}


@app.get("/items/{item}")
def show(item: str):
    return {"item": item}


@app.post("/orders")
def order(item: str = Body(), pieces: int = Body(), packing: float = Body()):
    time.sleep(packing)
    return {"item": item, "share": 1 / pieces}


@app.get("/metrics")
def metrics():
    lines = []
    data = reader.get_metrics_data()
    for scope in data.resource_metrics[0].scope_metrics if data else []:
        for metric in scope.metrics:
            for point in metric.data.data_points:
                labels = "".join(f'{key}="{value}",' for key, value in point.attributes.items())
                if hasattr(point, "value"):
                    lines.append(f"{metric.name}{{{labels}}} {point.value}")
                    continue
                total = 0
                bounds = [*point.explicit_bounds, "+Inf"]
                for bound, count in zip(bounds, point.bucket_counts):
                    total += count
                    lines.append(f'{metric.name}_bucket{{{labels}le="{bound}"}} {total}')
    return Response("\n".join(lines) + "\n", media_type="text/plain")
