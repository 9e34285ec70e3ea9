"""An HTTPS server that writes each request as a line of JSON, and answers as the next line on its input says:
a status, `302 ADDRESS`, `cut` (no answer), or `long` (an endless head)."""
import base64, http.server, json, ssl, sys


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request = {
            "method": self.command,
            "target": self.path,
            "fields": [[name, value] for name, value in self.headers.items()],
            "body": base64.b64encode(body).decode(),
        }
        print(json.dumps(request), flush=True)
        order = (sys.stdin.readline().strip() or "503").split(" ")
        self.close_connection = True
        if order[0] == "cut":
            return
        if order[0] == "long":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000)
            return
        self.send_response(int(order[0]))
        if order[0] == "302":
            self.send_header("Location", order[1])
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b"x" * 10)

    do_GET = do_POST = do_PUT = do_CALLBACK = answer

    def log_message(self, *_):
        pass


class Server(http.server.HTTPServer):
    def handle_error(self, *_):
        """The other side closes as soon as it has read a status."""


server = Server(("127.0.0.1", 0), Receiver)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(json.dumps({"port": server.server_address[1]}), flush=True)
server.serve_forever()
