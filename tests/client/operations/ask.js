// Sends what each line of its input asks for, signed as production was seen to accept it, and writes a line with what came. The
// first line says where the sandbox is, and as whom it asks.
const { createHash, createPrivateKey, sign } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { Agent, request } = require("node:https");
const { createInterface } = require("node:readline");

const agent = new Agent({ keepAlive: true });
let base;
let ca;
let people;

function send(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const length = { "content-length": Buffer.byteLength(body) };
    const asked = request(base + path, { agent, ca, method, headers: { ...headers, ...length } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, body: JSON.parse(text) }));
    });
    asked.on("error", reject).end(body);
  });
}

async function login(person) {
  const form = new URLSearchParams({
    grant_type: "password", client_id: person.instance, username: person.user, password: person.password,
  });
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send("POST", "/oauth/token", type, form.toString());
  person.token = answer.body.access_token;
  person.privateKey = createPrivateKey(readFileSync(person.key));
}

function call({ as, method, path, body }) {
  const person = people[as];
  const date = new Date().toISOString();
  const string = `(request-target): ${method.toLowerCase()} ${path.split("?")[0]}\ndate: ${date}\n${body}`;
  const hashed = createHash("sha256").update(string).digest();
  const signature = sign("sha256", hashed, person.privateKey).toString("base64");
  return send(method, path, {
    authorization: `Bearer ${person.token}`,
    "content-type": "application/json",
    date,
    signature: `realm="dax" algorithm="sha256withrsa" headers="(request-target) date" signature="${signature}"`,
  }, body);
}

async function main() {
  for await (const line of createInterface({ input: process.stdin })) {
    const told = JSON.parse(line);
    if (people) {
      console.log(JSON.stringify(await call(told)));
    } else {
      ({ base, people } = told);
      ca = readFileSync(told.ca);
      await Promise.all(Object.values(people).map(login));
    }
  }
  agent.destroy();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
