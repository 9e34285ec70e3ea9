// Node's own client.
"use strict";
const http = require("node:http");
const { json, make, pieces } = require("./calls.js");

make((method, address, form, body) => new Promise((done, failed) => {
  const headers = form === "plain" ? { ...json, "Content-Length": Buffer.byteLength(body) } : json;
  const request = http.request(address, { method, headers }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => done([answer.statusCode, Buffer.concat(parts)]));
  });
  request.on("error", failed);
  if (form === "chunked") for (const piece of pieces(body)) request.write(piece);
  if (form === "plain") request.write(body);
  request.end();
}));
