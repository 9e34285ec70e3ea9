// fetch, as browsers and Node have it. It sends no body with GET.
"use strict";
const { json, make, pieces } = require("./calls.js");

make(async (method, address, form, body) => {
  const stream = form === "chunked" ? ReadableStream.from(pieces(body)) : undefined;
  const sent = method === "GET" ? undefined : stream ?? body;
  const answer = await fetch(address, { method, headers: json, body: sent, duplex: "half" });
  return [answer.status, await answer.arrayBuffer()];
});
