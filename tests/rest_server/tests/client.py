"""An independent client: Python's own HTTP and OpenSSL's own RSA, with a mistake on request.

It reads an invitation (JSON) from standard input, asks for a token and makes one call, with the
mistake that its argument names, and prints the status of each answer, then the answer's head and
body. It follows nothing and repeats nothing.
"""
import datetime
import hashlib
import http.client
import json
import ssl
import subprocess
import sys
import base64
import urllib.parse

invitation = json.load(sys.stdin)
mistake = sys.argv[1] if len(sys.argv) > 1 else "none"
method = sys.argv[2] if len(sys.argv) > 2 else "GET"
path = sys.argv[3] if len(sys.argv) > 3 else "/api/v2.0/contracts?limit=50"
body = sys.argv[4].encode() if len(sys.argv) > 4 else b"{}"


def connect():
    address = urllib.parse.urlsplit(invitation["base"])
    if address.scheme == "http":
        return http.client.HTTPConnection(address.netloc)
    context = ssl.create_default_context(cafile=invitation["ca"])
    if invitation["scenario"]["server"]["needs_certificate"]:
        context.load_cert_chain(invitation["client_certificate"], invitation["client_key"])
    return http.client.HTTPSConnection(address.netloc, context=context)


def token(connection):
    fields = {
        "username": invitation["user"],
        "password": invitation["password"],
        "client_id": invitation["client_id"],
        "grant_type": "password",
    }
    form = urllib.parse.urlencode(fields)
    if mistake == "raw-password":
        form = form.replace(urllib.parse.quote_plus(invitation["password"]), invitation["password"])
    if mistake == "token-twice-client-id":
        form += "&client_id=" + invitation["client_id"]
    kind = "application/json" if mistake == "token-as-json" else "application/x-www-form-urlencoded"
    connection.request("POST", "/oauth/token", form.encode(), {"Content-Type": kind})
    answer = connection.getresponse()
    print("token", answer.status)
    return json.loads(answer.read()).get("access_token", "none")


def date():
    now = datetime.datetime.now(datetime.timezone.utc)
    if mistake == "old-date":
        now -= datetime.timedelta(minutes=10)
    text = now.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
    if mistake == "http-date":
        text = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    if mistake == "short-date":
        text = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return text


def sign(text):
    profile = invitation["scenario"]["server"]["accepts"][0]["profile"]
    if mistake == "other-profile":
        profile = {"documented": "vendor-sdk", "vendor-sdk": "documented"}[profile]
    if profile == "vendor-sdk":
        text = hashlib.sha256(text).digest()
    command = ["openssl", "dgst", "-sha256", "-sign", invitation["key"]]
    return base64.b64encode(subprocess.run(command, input=text, capture_output=True, check=True).stdout).decode()


def fields(bearer):
    when = date()
    names = invitation["scenario"]["server"]["accepts"][0]["headers"]
    head = {
        "Host": urllib.parse.urlsplit(invitation["base"]).netloc,
        "Authorization": "Bearer " + bearer,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "Date": when,
    }
    lower = {name.lower(): value for name, value in head.items()}
    signed_path = path if mistake == "query-signed" else path.split("?")[0]
    lower["(request-target)"] = method.lower() + " " + signed_path
    lines = "".join(f"{name}: {lower[name]}\n" for name in names.split(" "))
    if mistake == "no-last-newline":
        lines = lines[:-1]
    text = lines.encode() + (b"" if mistake == "body-unsigned" else body)
    head["Signature"] = f'realm="dax" algorithm="SHA256withRSA" headers="{names}" signature="{sign(text)}"'
    if mistake == "no-charset":
        head["Content-Type"] = "application/json"
    if mistake == "text":
        head["Content-Type"] = "text/plain"
    if mistake == "other-token":
        head["Authorization"] = "Bearer made-up"
    if mistake in ("no-token", "no-signature", "no-date"):
        del head[{"no-token": "Authorization", "no-signature": "Signature", "no-date": "Date"}[mistake]]
    return head


def send(connection, head):
    chunked = mistake == "chunked"
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in head.items():
        if not (name == "Content-Length" and (chunked or mistake == "no-body")):
            connection.putheader(name, value)
    if chunked:
        connection.putheader("Transfer-Encoding", "chunked")
    if mistake == "two-dates":
        connection.putheader("Date", head["Date"])
    connection.endheaders(None if mistake == "no-body" else body, encode_chunked=chunked)
    answer = connection.getresponse()
    print("call", answer.status)
    return answer


connection = connect()
bearer = token(connection)
head = fields(bearer)
answer = send(connection, head)
text = answer.read().decode()
if mistake == "same-date":
    answer = send(connection, head)
    text = answer.read().decode()
for name, value in answer.getheaders():
    print(f"{name}: {value}")
print()
print(text)
