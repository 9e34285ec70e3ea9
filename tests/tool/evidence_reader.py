"""A second reading of an evidence file, with Python's hashes and OpenSSL's signatures alone.

Written from RFC 6962 (2.1), C2SP's signed notes and tlog checkpoints, and the layout in exchange/src/record/leaf/leaf.rs.
Prints a line for each thing that holds, and ends with code 1 at the first that does not.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import subprocess
import sys
import tempfile

# SubjectPublicKeyInfo of Ed25519 (RFC 8410): what stands before the key.
ED25519 = bytes.fromhex("302a300506032b6570032100")
KINDS = ["log-key", "request", "answer", "refused", "expired", "unknown", "late", "certificate", "revocation", "contract"]


def sha256(data):
    return hashlib.sha256(data).digest()


def written(data):
    file = tempfile.NamedTemporaryFile()
    file.write(data)
    file.flush()
    return file


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], capture_output=True)


def public_key(certificate):
    with written(certificate) as file:
        shown = openssl("x509", "-inform", "DER", "-in", file.name, "-noout", "-pubkey")
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


def rsa_holds(key, signature, message):
    with written(key) as key, written(signature) as signature, written(message) as message:
        run = openssl("dgst", "-sha256", "-verify", key.name, "-signature", signature.name, message.name)
    return run.returncode == 0


def ed25519_holds(key, signature, message):
    with written(ED25519 + key) as key, written(signature) as signature, written(message) as message:
        run = openssl(
            "pkeyutl", "-verify", "-pubin", "-inkey", key.name, "-keyform", "DER", "-rawin",
            "-in", message.name, "-sigfile", signature.name,
        )
    return run.returncode == 0


def root_of(index, size, leaf, proof):
    """RFC 9162, 2.1.3.2."""
    assert index < size
    place, last, hash = index, size - 1, sha256(b"\0" + leaf)
    for sibling in proof:
        assert last > 0, "the proof is too long"
        if place & 1 or place == last:
            hash = sha256(b"\1" + sibling + hash)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hash = sha256(b"\1" + hash + sibling)
        place, last = place >> 1, last >> 1
    assert last == 0, "the proof is too short"
    return hash


class Leaf:
    def __init__(self, data):
        version, kind, present = data[:3]
        assert version == 1
        self.kind = KINDS[kind]
        rest = data[3 + 16:]
        if present & 1:
            rest = rest[16:]
        self.seconds = struct.unpack(">q", rest[:8])[0]
        rest = rest[12:]
        self.sender = rest[:32] if present & 2 else None
        rest = rest[32 * bool(present & 2) + 32 * bool(present & 4) + 20 * bool(present & 8):]
        self.thumbprint = rest[:32] if present & 16 else None
        self.commitment = rest[32 * bool(present & 16):]
        assert len(self.commitment) == 32


def commitment(content):
    data = b"daxsign-exchange content 1\n"
    for part in ("message", "signature", "statement"):
        part = base64.b64decode(content[part])
        data += struct.pack(">Q", len(part)) + part
    return hmac.new(base64.b64decode(content["salt"]), data, hashlib.sha256).digest()


def signing_string(message, list, whole_target):
    head, body = message.split(b"\r\n\r\n", 1)
    first, *fields = head.split(b"\r\n")
    method, target, _ = first.split(b" ")
    fields = {name.lower(): value.strip() for name, value in (field.split(b":", 1) for field in fields)}
    if not whole_target:
        target = target.split(b"?")[0]
    fields[b"(request-target)"] = method.lower() + b" " + target
    return b"".join(name + b": " + fields[name] + b"\n" for name in list.split(b" ")) + body


def how_signed(message, key):
    field = re.search(rb"(?mi)^signature:(.*)$", message)[1]
    list = re.search(rb'headers="([^"]*)"', field)[1]
    signature = base64.b64decode(re.search(rb'signature="([^"]*)"', field)[1])
    for target in ("whole target", "path"):
        string = signing_string(message, list, target == "whole target")
        for profile, signed in (("documented", string), ("vendor-sdk", sha256(string))):
            if rsa_holds(key, signature, signed):
                return f"{profile}, {target}"
    sys.exit("a message's signature does not hold")


def party(data):
    guid = lambda part: "-".join(re.fullmatch("(.{8})(.{4})(.{4})(.{4})(.{12})", part.hex()).groups())
    return f"{guid(data[:16])}/{guid(data[16:])}"


def main(path):
    file = json.load(open(path))
    certificates = {sha256(der): der for der in map(base64.b64decode, file["certificates"])}

    birth = file["log"]
    leaf = Leaf(base64.b64decode(birth["leaf"]))
    exchange = public_key(certificates[leaf.thumbprint])
    statement = base64.b64decode(birth["content"]["message"])
    assert rsa_holds(exchange, base64.b64decode(birth["content"]["signature"]), statement), "log key"
    label, verifier, end = statement.decode().split("\n")
    assert (label, end) == ("daxsign-exchange log key 1", "")
    name, id, log_key = verifier.split("+", 2)
    print(f"exchange signed log key {verifier}")

    text, signatures = file["checkpoint"].split("\n\n")
    text += "\n"
    [signature] = [line for line in signatures.splitlines() if line.startswith(f"\u2014 {name} ")]
    signature = base64.b64decode(signature.split(" ")[2])
    log_key = base64.b64decode(log_key)
    assert log_key[0] == 1 and signature[:4].hex() == id
    assert sha256(name.encode() + b"\n" + log_key)[:4].hex() == id, "the key's id"
    assert ed25519_holds(log_key[1:], signature[4:], text.encode()), "checkpoint"
    origin, size, root = text.splitlines()[:3]
    assert origin == name
    size, root = int(size), base64.b64decode(root)
    print(f"log key signed {size} leaves")

    for event in [birth, *file["events"]]:
        data = base64.b64decode(event["leaf"])
        proof = [base64.b64decode(hash) for hash in event["proof"]]
        assert root_of(event["index"], size, data, proof) == root, "inclusion"
        leaf = Leaf(data)
        assert commitment(event["content"]) == leaf.commitment, "commitment"
        print(f"leaf {event['index']} is in the log: {leaf.kind}")
        if event is birth or leaf.thumbprint is None:
            continue
        message = base64.b64decode(event["content"]["message"])
        how = how_signed(message, public_key(certificates[leaf.thumbprint]))
        print(f"{party(leaf.sender)} signed {message.split(b' ')[0].decode()}: {how}")

    bodies = {}
    for event in file["events"]:
        leaf = Leaf(base64.b64decode(event["leaf"]))
        bodies[leaf.kind] = base64.b64decode(event["content"]["message"]).split(b"\r\n\r\n", 1)[1]
    for sent in file["sent"]:
        own = sent["body"]
        body = bodies["request" if sent["to"] == "receiver" else "answer"] if own is None else base64.b64decode(own)
        how = how_signed(base64.b64decode(sent["head"]) + body, exchange)
        print(f"exchange signed what the {sent['to']} got: {how}")


main(sys.argv[1])
