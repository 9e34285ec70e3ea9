// A party in Node alone: its own WebSocket, its own TLS, its own RSA. It takes one request, verifies it, answers it, and
// prints what it saw.
//
// node --experimental-websocket party.mjs ADDRESS ROOT CERTIFICATE KEY EXCHANGE-CERTIFICATE RECEIVER
import { X509Certificate, createHash, createPrivateKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const [address, root, certificate, key, exchange, receiver] = process.argv.slice(2);
const FORWARD =
  "(request-target) x-correlation-id x-dax-sender x-dax-receiver x-dax-contract x-dax-deadline content-type content-length date";
const ANSWER = "(request-target) x-correlation-id x-dax-request x-dax-status content-type content-length date";

function signingString(method, target, list, fields, body) {
  const lines = list.split(" ").map((name) => {
    const value = name === "(request-target)" ? `${method.toLowerCase()} ${target}` : fields[name];
    return `${name}: ${value}\n`;
  });
  return Buffer.concat([Buffer.from(lines.join(""), "latin1"), body]);
}

function read(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  const [first, ...rest] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method, target] = first.split(" ");
  const fields = Object.fromEntries(
    rest.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { method, target, fields, body: bytes.subarray(end + 4) };
}

function answer(bytes) {
  const request = read(bytes);
  const [, list, signature] = /headers="([^"]*)" signature="([^"]*)"/.exec(request.fields.signature);
  const string = signingString(request.method, request.target, FORWARD, request.fields, request.body);
  const exchangeKey = new X509Certificate(readFileSync(exchange)).publicKey;
  const holds = verify("sha256", string, exchangeKey, Buffer.from(signature, "base64"));
  if (list !== FORWARD || !holds || request.fields["x-dax-receiver"] !== receiver) throw new Error("not for us");
  const body = Buffer.from('{"by":"node"}');
  const fields = {
    "x-correlation-id": request.fields["x-correlation-id"],
    "x-dax-request": createHash("sha256").update(string).digest("base64"),
    "x-dax-status": "200",
    "content-type": "application/json",
    "content-length": String(body.length),
    // The test's clock stands.
    date: request.fields.date,
  };
  const toSign = signingString("ANSWER", request.target, ANSWER, fields, body);
  const signed = sign("sha256", toSign, createPrivateKey(readFileSync(key))).toString("base64");
  fields.signature = `realm="dax" algorithm="sha256withrsa" headers="${ANSWER}" signature="${signed}"`;
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  console.log(`${request.method} ${request.target} ${request.body}`);
  return Buffer.concat([Buffer.from(`ANSWER ${request.target} HTTP/1.1\r\n${head.join("")}\r\n`, "latin1"), body]);
}

// Its WebSocket shows a certificate if its connections do; their class is found behind what `fetch` uses.
await fetch("http://127.0.0.1:1").catch(() => {});
const Agent = globalThis[Symbol.for("undici.globalDispatcher.1")].constructor;
const connect = { ca: readFileSync(root), cert: readFileSync(certificate), key: readFileSync(key) };
const socket = new WebSocket(address, { dispatcher: new Agent({ connect }) });
socket.binaryType = "arraybuffer";
socket.onmessage = ({ data }) => socket.send(answer(Buffer.from(data)));
socket.onclose = ({ code, reason }) => console.log(`closed ${code} ${reason}`);
socket.onerror = ({ message }) => console.log(`error ${message}`);
