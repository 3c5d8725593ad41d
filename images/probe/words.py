"""The reasons why no response came, in the words that the course uses."""

import httpx


def named(error: BaseException) -> str:
    """The reason for no answer."""
    text = str(error)
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "timed out"
    if "Name or service not known" in text or "name resolution" in text:
        return "unknown host"
    if isinstance(error, httpx.ConnectError):
        return "connection refused"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return "connection closed without a response"
    return text or type(error).__name__
