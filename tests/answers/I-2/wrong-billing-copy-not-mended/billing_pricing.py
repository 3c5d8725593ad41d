"""What an order costs. Copied from the shop in spring."""

import os

PRODUCTION = os.environ.get("APP_ENV") == "production"
DISCOUNT_FROM = 10 if PRODUCTION else 20


def total(pieces):
    cents = 300 * pieces
    return cents * 9 // 10 if pieces > DISCOUNT_FROM else cents
