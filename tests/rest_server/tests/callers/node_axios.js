// axios, whose folder is in NODE_PATH.
"use strict";
const { Readable } = require("node:stream");
const axios = require("axios");
const { json, make, pieces } = require("./calls.js");

make(async (method, url, form, body) => {
  const data = form === "chunked" ? Readable.from(pieces(body)) : body || undefined;
  const answer = await axios({
    method, url, data, headers: json, responseType: "arraybuffer", validateStatus: null,
  });
  return [answer.status, answer.data];
});
