"""What schemathesis needs to ask the sandbox: each request signed as production was seen to accept it, a token, and the
ids of what is there. Writes down how often each operation was answered with which status.

Reads the variables of the sandbox's env.sh, and DAX_COUNTS: the file with the counts.
"""

import atexit
import base64
import collections
import hashlib
import json
import os
import re
import threading
import uuid
from datetime import datetime, timedelta, timezone

import requests
import schemathesis
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, utils
from hypothesis import strategies

BASE = os.environ["DAX_BASE"]
AUTHORITY = os.environ["DAX_CA"]
PARTY = f"/api/v2.0/partners/{os.environ['DAX_PARTNER']}/instances/{os.environ['DAX_INSTANCE']}"
# How much of what is there is named.
MOST = 40

with open(os.environ["DAX_KEY"], "rb") as file:
    KEY = serialization.load_pem_private_key(file.read(), password=None)


class Signed(requests.auth.AuthBase):
    """A token, a date that no other request has, and a signature over target, date and body."""

    def __init__(self):
        form = {
            "grant_type": "password",
            "client_id": os.environ["DAX_CLIENT_ID"],
            "username": os.environ["DAX_USER"],
            "password": os.environ["DAX_PASSWORD"],
        }
        answer = requests.post(f"{BASE}/oauth/token", data=form, verify=AUTHORITY, timeout=60)
        answer.raise_for_status()
        self.token = answer.json()["access_token"]
        self.last = datetime.now(timezone.utc)
        self.lock = threading.Lock()

    def date(self):
        with self.lock:
            self.last = max(datetime.now(timezone.utc), self.last + timedelta(microseconds=1))
            return self.last.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        date = self.date()
        target = f"{request.method.lower()} {request.path_url.split('?')[0]}"
        string = f"(request-target): {target}\ndate: {date}\n".encode() + body
        # The profile vendor-sdk: the hash of a hash.
        digest = hashlib.sha256(hashlib.sha256(string).digest()).digest()
        signature = KEY.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
        signature = base64.b64encode(signature).decode()
        parts = f'realm="dax" algorithm="sha256withrsa" headers="(request-target) date" signature="{signature}"'
        request.headers["Authorization"] = f"Bearer {self.token}"
        request.headers["Date"] = date
        request.headers["Signature"] = parts
        return request


SIGNED = Signed()
schemathesis.auth.set_from_requests(SIGNED)


def ask(method, target, body):
    answer = requests.request(method, BASE + target, json=body, auth=SIGNED, verify=AUTHORITY, timeout=60)
    answer.raise_for_status()
    return answer.json()["data"]


def ids(target, part, name):
    items = next(value for value in ask("GET", target, {}).values() if isinstance(value, list))
    return [item[name] for item in items][:MOST]


def there():
    """What is there, by the name under which it is asked for."""
    owners = ids(f"{PARTY}/cardowners?limit=50", "cardOwners", "cardOwnerId")
    boxes = ids("/api/v2.0/deliveries/packageboxes", "packageBoxes", "packageBoxId")
    callback = {"callbackUrl": "https://localhost:1/", "domain": "Delivery", "eventType": "Created"}
    callbacks = ask("POST", "/api/v2.0/callbacks", {"callbacks": [callback] * 3})["callbacks"]
    known = {
        "PartnerId": [os.environ["DAX_PARTNER"]],
        "InstanceId": [os.environ["DAX_INSTANCE"]],
        "cardOwnerId": owners,
        "ownerId": owners,
        "cardOwnerIds": owners,
        "doorId": [os.environ["DAX_DOOR"]],
        "cardId": ids(f"{PARTY}/cards?limit=50", "cards", "cardId"),
        "accessGroupId": ids(f"{PARTY}/accessgroups", "accessGroups", "accessGroupId"),
        "folderId": ids(f"{PARTY}/folders", "folders", "folderId"),
        "organizationId": ids(f"{PARTY}/organizations", "organizations", "id"),
        "grantId": ids(f"{PARTY}/accessgrants", "grants", "grantId"),
        "boxId": boxes,
        "packageBoxId": boxes,
        "callbackId": [callback["callbackId"] for callback in callbacks],
    }
    known["accessGroupIds"] = known["remoteAccessGroupId"] = known["accessGroupId"]
    known["grantIds"] = known["grantId"]
    known["parentFolderId"] = known["folderId"]
    return known


THERE = there()


def known_as(name):
    """The ids under that name; those of partner and instance have something before it."""
    for end in ("PartnerId", "InstanceId"):
        if name.endswith(end):
            return THERE[end]
    return THERE.get(name)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Paths name what is there: else all that comes back is that nothing is."""
    for parameter in raw_schema["components"]["parameters"].values():
        known = known_as(parameter["name"])
        if parameter["in"] == "path" and known:
            parameter["schema"]["enum"] = known


def is_id(value):
    if isinstance(value, str):
        return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


def named(name, value):
    """The same with ids of what is there in the place of made ones."""
    if isinstance(value, dict):
        return {name: named(name, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [named(name, inner) for inner in value]
    known = known_as(name)
    if not known or not is_id(value) or isinstance(known[0], str) != isinstance(value, str):
        return value
    number = uuid.UUID(value).int if isinstance(value, str) else value
    return known[number % len(known)]


@schemathesis.hook
def map_body(context, body):
    return named("", body)


def times(end):
    moments = strategies.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
    return moments.map(lambda moment: moment.replace(microsecond=0).isoformat() + end)


schemathesis.openapi.format("local-time", times(""))
schemathesis.openapi.format("utc-time", times("Z"))

COUNTS = collections.defaultdict(collections.Counter)


@schemathesis.hook
def after_call(context, case, response):
    operation = case.operation.definition.raw.get("operationId", "other")
    COUNTS[operation][str(response.status_code)] += 1


@atexit.register
def write():
    with open(os.environ["DAX_COUNTS"], "w", encoding="utf-8") as file:
        json.dump(COUNTS, file)
