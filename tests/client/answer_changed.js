// Loaded before a program (`node --require`): changes one part of what the API answers, as somebody on the way might. CHANGE
// says which: a field, `body`, `status`, or `request`, for which the answer is to a request that the program did not send.
const { createHash, createPrivateKey, sign } = require("node:crypto");
const { readFileSync } = require("node:fs");
const https = require("node:https");

const { request } = https;
const part = process.env.CHANGE;

https.request = (url, options, took) => {
  if (!url.includes("/api/")) return request(url, options, took);
  if (part === "request") Object.assign(options.headers, signedAnew(url, options.method));
  return request(url, options, (answer) => took(changed(answer)));
};

function changed(answer) {
  const { headers } = answer;
  if (part === "status") answer.statusCode = 201;
  else if (part === "body") changeBody(answer);
  else if (part in headers) headers[part] = another(headers[part]);
  return answer;
}

// One character near its end, where a signature has its base64.
function another(text) {
  const place = Math.max(0, text.length - 10);
  return text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1);
}

function changeBody(answer) {
  const on = answer.on.bind(answer);
  answer.on = (name, heard) => {
    on(name, name === "data" ? (bytes) => heard(Buffer.concat([Buffer.of(bytes[0] ^ 1), bytes.subarray(1)])) : heard);
    return answer;
  };
}

function signedAnew(url, method) {
  const date = new Date(Date.now() - 1000).toISOString();
  const string = `(request-target): ${method.toLowerCase()} ${new URL(url).pathname}\ndate: ${date}\n{}`;
  const hashed = createHash("sha256").update(string).digest();
  const signature = sign("sha256", hashed, createPrivateKey(readFileSync(process.env.DAX_KEY))).toString("base64");
  return { date, signature: `realm="dax" algorithm="sha256withrsa" headers="(request-target) date" signature="${signature}"` };
}
