// Messages as bytes: read, verified, and what is refused, in words.
#include "check.h"
#include <daxsign.hpp>

namespace {

using namespace daxsign;
using namespace std::chrono_literals;

const std::string HEAD = "POST /api/v2/DaxEndPoint HTTP/1.1\r\nHost: dax.amido.se\r\nX-Twice: a\r\n"
                         "X-Folded: a\r\n\tb\r\nx-twice: b\r\nX-Empty:\r\nContent-Length: 18\r\n"
                         "Date: 2020-05-17T14:44:30+02:00\r\n";
const std::string BODY = "{\"hello\": \"world\"}";

void from_one_to_another()
{
    File file;
    read_key_file("rsa2048.pkcs8.pem", &file);
    const PrivateKey key = PrivateKey::load(Bytes(file.bytes, file.len)).value();
    const std::string unsigned_message = HEAD + "\r\n" + BODY;
    const std::string value =
        sign(key, Request::read(unsigned_message).value(), Profile::documented).value();
    std::string wire = HEAD + "Signature: " + value + "\r\n\r\n" + BODY;
    const Request read = Request::read(wire).value();
    CHECK(read.method() == "POST" && read.target() == "/api/v2/DaxEndPoint");
    CHECK(read.body().size() == BODY.size());
    CHECK(read.body().data() == wire.data() + wire.size() - BODY.size());
    CHECK(read.value_of("HOST") == "dax.amido.se");
    CHECK(read.value_of("x-folded") == "a\r\n\tb");
    CHECK(read.value_of("X-Empty") == "" && read.value_of("Signature") == value);
    CHECK(!read.value_of("X-Twice") && !read.value_of("X-None") && !read.value_of(""));
    const Verifier verifier(key.public_key().value(), Profile::documented);
    const TimePoint now(1589719470s);
    CHECK(verifier.verify(read, now).value().covers("content-length"));
    // The body is where it was, and the rest a copy.
    wire[wire.size() - 3] ^= 1;
    CHECK(verifier.verify(read, now).status() == Status::signature_mismatch);
    wire[wire.size() - 3] ^= 1;
    wire[0] = 'X';
    CHECK(verifier.verify(read, now).ok());
}

int refused = 0;

void told(const Result<Request> &result, std::uint32_t problem, std::string_view message)
{
    CHECK(!result.ok() && result.status() == Status::malformed_message);
    CHECK(result.error().detail().problem == problem);
    if (result.error().message() != message) {
        fprintf(stderr, "%s\n", result.error().message().c_str());
    }
    CHECK(result.error().message() == message);
    refused++;
}

void words()
{
    told(Request::read("GET / HTTP/1.1\n\n"), DAXSIGN_PROBLEM_MESSAGE_LINE_END,
         "line 1 of the message does not end in CRLF");
    told(Request::read("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
         DAXSIGN_PROBLEM_MESSAGE_REPEATED, "line 3 of the message repeats the field on line 2");
    told(Request::read(""), DAXSIGN_PROBLEM_MESSAGE_NO_EMPTY_LINE,
         "line 1 of the message is missing: an empty line ends the head");
    told(Request::read("GET / HTTP/1.1\r\nA: b\r\nA: b\r\n\r\n", 1),
         DAXSIGN_PROBLEM_MESSAGE_TOO_MANY_FIELDS,
         "line 3 of the message starts a field for which its reader has no place");
    CHECK(Request::read("GET / HTTP/1.1\r\nA: b\r\n\r\n", 1).ok());
    CHECK(Request::read("GET / HTTP/1.1\r\n\r\n", 0).ok());
}

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    from_one_to_another();
    words();
    printf("%d refused\n", refused);
    return 0;
}
