/** A room of Node's socket.io, as its documentation has it, told by POST /change what to tell everybody in it. */

import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((request, response) => {
  let body = "";
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    const [event, ...payload] = JSON.parse(body);
    io.of("/audience").to("room").emit(event, ...payload);
    response.end();
  });
});
const io = new Server(http, { serveClient: false, pingInterval: 10_000, pingTimeout: 10_000 });
io.of("/audience").on("connection", (socket) => {
  socket.join("room");
  socket.emit("state", { version: 0 });
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
process.on("SIGTERM", () => process.exit(0));
