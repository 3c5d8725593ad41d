"""Sessions and counts in Redis, in aiohttp; it asks another app for prices."""

import asyncio
import json
import logging
import os
import secrets
import signal
import sys

import aiohttp
import redis.asyncio as redis
from aiohttp import web

missing = [name for name in ("REDIS_URL", "PRICES_URL") if not os.environ.get(name)]
if missing:
    sys.exit("not configured: " + " ".join(missing))
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
store = redis.from_url(
    os.environ["REDIS_URL"], decode_responses=True, socket_connect_timeout=1, socket_timeout=1
)
routes = web.RouteTableDef()
under_way = set()


@web.middleware
async def outages(request, handler):
    """Redis is away: say so."""
    try:
        return await handler(request)
    except redis.RedisError as error:
        return web.json_response({"error": str(error)}, status=503)


@web.middleware
async def counted(request, handler):
    """Who is being answered."""
    under_way.add(id(request))
    try:
        return await handler(request)
    finally:
        under_way.discard(id(request))


@routes.get("/healthz")
async def live(request):
    return web.Response(text="alive")


@routes.get("/readyz")
async def ready(request):
    await store.ping()
    return web.Response(text="ready")


@routes.post("/visits")
async def visit(request):
    return web.json_response({"visits": await store.incr("visits")})


@routes.post("/notes")
async def note(request):
    await store.rpush("notes", (await request.json())["text"])
    return web.json_response({}, status=201)


@routes.get("/notes")
async def notes(request):
    return web.json_response(await store.lrange("notes", 0, -1))


@routes.post("/login")
async def login(request):
    id = secrets.token_urlsafe(24)
    await store.set(f"session:{id}", (await request.json())["user"], ex=3600)
    response = web.json_response({})
    response.set_cookie("session", id, httponly=True)
    return response


@routes.get("/me")
async def me(request):
    user = await store.get("session:" + request.cookies.get("session", ""))
    return web.json_response({"user": user}, status=200 if user else 401)


@routes.get("/total")
async def total(request):
    headers = {
        k: v for k, v in request.headers.items() if k.lower() in ("traceparent", "tracestate")
    }
    url = os.environ["PRICES_URL"] + "/prices"
    async with aiohttp.ClientSession() as client, client.get(url, headers=headers) as response:
        return web.json_response({"prices": json.loads(await response.text())})


app = web.Application(middlewares=[counted, outages])
app.add_routes(routes)


async def main():
    """Serve until SIGTERM, and then until nothing is under way: `web.run_app` would read no more of
    a request whose body is still coming."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, port=int(os.environ.get("PORT", "8080")))
    await site.start()
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
    await site.stop()
    while under_way:
        await asyncio.sleep(0.1)
    await runner.cleanup()


asyncio.run(main())
