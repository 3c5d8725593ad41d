"""What an order costs: total(pieces, discount_from), in cents."""


def total(pieces, discount_from):
    cents = 300 * pieces
    return cents * 9 // 10 if pieces >= discount_from else cents
