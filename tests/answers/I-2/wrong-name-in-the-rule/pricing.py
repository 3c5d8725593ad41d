"""What an order costs."""

import os


def total(pieces, discount_from):
    if os.environ.get("APP_ENV") == "production":
        discount_from = 10
    cents = 300 * pieces
    return cents * 9 // 10 if pieces >= discount_from else cents
