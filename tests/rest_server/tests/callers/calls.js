// What callers in Node share: each line of the input is a call, "METHOD TARGET FORM BODY" with tabs between,
// and each line of the output its answer, the status and the body in Base64.
"use strict";
const readline = require("node:readline");

exports.json = { "Content-Type": "application/json" };

// A body in two pieces, whose length is not told.
exports.pieces = (body) => {
  const bytes = Buffer.from(body);
  return [bytes.subarray(0, 10), bytes.subarray(10)];
};

exports.make = async (call) => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [method, target, form, body] = line.split("\t");
    const [status, answer] = await call(method, process.argv[2] + target, form, body);
    console.log(`${status} ${Buffer.from(answer).toString("base64")}`);
  }
};
