// Node's socket.io as a yardstick: what one says, all hear; nothing is kept.
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("say", (what, acknowledge) => {
    io.emit("said", what);
    acknowledge({});
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
