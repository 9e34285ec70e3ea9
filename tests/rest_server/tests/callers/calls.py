"""What callers in Python share: each line of the input is a call, "METHOD TARGET FORM BODY" with tabs between,
and each line of the output its answer, the status and the body in Base64."""

import base64
import sys

JSON = {"Content-Type": "application/json"}


def pieces(body):
    """A body in two pieces, whose length is not told."""
    return iter([body[:10], body[10:]])


def make(call):
    for line in sys.stdin.buffer:
        method, target, form, body = line.rstrip(b"\n").split(b"\t")
        status, answer = call(method.decode(), target.decode(), form.decode(), body)
        print(status, base64.b64encode(answer).decode(), flush=True)
