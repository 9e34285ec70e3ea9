"""requests, in a session."""

import sys

import requests

import calls

session = requests.Session()


def call(method, target, form, body):
    sent = calls.pieces(body) if form == "chunked" else body or None
    answer = session.request(method, sys.argv[1] + target, data=sent, headers=calls.JSON)
    return answer.status_code, answer.content


calls.make(call)
