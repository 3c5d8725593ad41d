"""Settings, all of them from the environment."""

import os
from urllib.parse import unquote, urlsplit

required = ("DATABASE_URL", "SECRET_KEY")
if missing := [name for name in required if name not in os.environ]:
    raise SystemExit(f"Missing settings: {', '.join(missing)}")

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split(",")
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.sessions", "shop"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
url = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": url.hostname,
        "PORT": url.port,
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "OPTIONS": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=3000",
            "tcp_user_timeout": 3000,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
