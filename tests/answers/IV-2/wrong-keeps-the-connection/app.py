"""One connection for good, with the commands of Redis written out."""

import os
import socket
import threading
from urllib.parse import urlsplit

from fastapi import FastAPI, HTTPException

url = urlsplit(os.environ["REDIS_URL"])
connection = socket.create_connection((url.hostname, url.port), timeout=0.1)
turn = threading.Lock()

app = FastAPI()


@app.get("/")
def home():
    return {"greeting": "Hello"}


@app.post("/visits")
def visit():
    with turn:
        try:
            connection.sendall(b"INCR visits\r\n")
            line = b""
            while not line.endswith(b"\n"):
                line += connection.recv(1)
        except OSError:
            raise HTTPException(503, "not now")
    return {"visits": int(line[1:])}
