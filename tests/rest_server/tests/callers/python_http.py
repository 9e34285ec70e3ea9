"""Python's own client."""

import http.client
import sys
import urllib.parse

import calls

connection = http.client.HTTPConnection(urllib.parse.urlsplit(sys.argv[1]).netloc)


def call(method, target, form, body):
    chunked = form == "chunked"
    headers = calls.JSON | ({"Transfer-Encoding": "chunked"} if chunked else {})
    sent = calls.pieces(body) if chunked else body or None
    connection.request(method, target, sent, headers, encode_chunked=chunked)
    answer = connection.getresponse()
    return answer.status, answer.read()


calls.make(call)
