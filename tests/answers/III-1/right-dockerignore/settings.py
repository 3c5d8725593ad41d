from os import environ


def required(name):
    try:
        return environ[name]
    except KeyError:
        raise SystemExit(f"Set {name} and start again.") from None


DATABASE_URL = required("DATABASE_URL")
GREETING = required("GREETING")
PORT = int(required("PORT"))
