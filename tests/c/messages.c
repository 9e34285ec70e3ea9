/* Messages as bytes: read where they lie and verified there, and each thing that is refused, with its line
 * and in words. */
#include "check.h"
#include <stddef.h>

#define ROOM 6

static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignField fields[ROOM + 1];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static char wire[2048];

static DaxsignStatus read_text(const char *text)
{
    return daxsign_message_read(text, strlen(text), fields, ROOM, &request, &detail);
}

static const char *words(void)
{
    static char message[512];
    size_t len;
    EXPECT(DAXSIGN_OK, daxsign_reading_message(&detail, message, sizeof message, &len));
    CHECK(len == strlen(message));
    return message;
}

/* Signed by one, read and verified by another, as a party does. */
static void from_one_to_another(void)
{
    static DaxsignPrivateKey key;
    static DaxsignPublicKey public_key;
    const DaxsignTime now = { 1589719470, 0 };
    DaxsignRequest sent = DAXSIGN_REQUEST_INIT;
    DaxsignField own[3];
    DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
    char value[VALUE_CAP];
    const char *body;
    size_t len, cut;
    load_private_key("rsa2048.pkcs8.pem", &key);
    load_public_key("rsa2048.spki.pem", &public_key);
    fill_request(own, &sent);
    EXPECT(DAXSIGN_OK, daxsign_sign(&key, &sent, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, value,
                                    sizeof value, &len, NULL));
    sprintf(wire,
            "POST /api/v2/DaxEndPoint HTTP/1.1\r\nHost: dax.amido.se\r\nX-Folded: a\r\n\tb\r\n"
            "Content-Length: 18\r\nDate: 2020-05-17T14:44:30+02:00\r\nSignature: %s\r\n\r\n"
            "{\"hello\": \"world\"}",
            value);
    len = strlen(wire);
    memset(fields, 0x5a, sizeof fields);
    EXPECT(DAXSIGN_OK, daxsign_message_read(wire, len, fields, ROOM, &request, &detail));
    CHECK(detail.status == DAXSIGN_OK && request.struct_size == sizeof request);
    CHECK(request.fields == fields && request.field_count == 5);
    CHECK(same(sent.method, request.method.data, request.method.len));
    CHECK(same(sent.target, request.target.data, request.target.len));
    CHECK(same(sent.body, request.body.data, request.body.len));
    CHECK(same(daxsign_text("X-Folded"), fields[1].name.data, fields[1].name.len));
    CHECK(same(daxsign_text(" a\r\n\tb"), fields[1].value.data, fields[1].value.len));
    /* Nothing is copied. */
    CHECK((const char *)request.method.data == wire);
    body = (const char *)request.body.data;
    CHECK(body == wire + len - request.body.len);
    CHECK(all(&fields[5], 2 * sizeof fields[0], 0x5a));
    EXPECT(DAXSIGN_OK, daxsign_verify(&public_key, &request, DAXSIGN_PROFILE_DOCUMENTED, NULL, &now,
                                      NULL, &verified, &detail));
    /* Cut off anywhere it is none. */
    for (cut = 0; cut < len; cut++) {
        EXPECT(DAXSIGN_ERR_MALFORMED_MESSAGE,
               daxsign_message_read(wire, cut, fields, ROOM, &request, &detail));
        CHECK(detail.problem >= DAXSIGN_PROBLEM_MESSAGE_REQUEST_LINE);
    }
    /* One bit more is another one. */
    wire[len - 3] ^= 1;
    EXPECT(DAXSIGN_OK, daxsign_message_read(wire, len, fields, ROOM, &request, &detail));
    EXPECT(DAXSIGN_ERR_SIGNATURE_MISMATCH,
           daxsign_verify(&public_key, &request, DAXSIGN_PROFILE_DOCUMENTED, NULL, &now, NULL,
                          &verified, &detail));
}

/* What is refused: the problem, the line, the place in a value, the line of the first one. */
typedef struct Refusal {
    const char *text;
    uint32_t problem, line;
    uint64_t offset, first;
    const char *words;
} Refusal;

#define PROBLEM(name) DAXSIGN_PROBLEM_MESSAGE_##name
#define GET "GET / HTTP/1.1\r\n"

static const Refusal REFUSALS[] = {
    { "GET / HTTP/1.0\r\n\r\n", PROBLEM(REQUEST_LINE), 1, 0, 0,
      "line 1 of the message is no request line: expected a method, a target and HTTP/1.1 with one space "
      "between" },
    { GET "A: b\n\r\n", PROBLEM(LINE_END), 2, 0, 0, "line 2 of the message does not end in CRLF" },
    { GET " a\r\n\r\n", PROBLEM(FOLD), 2, 0, 0,
      "line 2 of the message starts with white space, and no field stands before it" },
    { GET "A: b\r\nC\r\n\r\n", PROBLEM(NO_COLON), 3, 0, 0,
      "line 3 of the message has no colon: expected a field, `Name: value`, or an empty line before the "
      "body" },
    { GET "a b: c\r\n\r\n", PROBLEM(NAME), 2, 0, 0,
      "line 2 of the message has no field name before its colon" },
    { GET "A : b\r\n\r\n", PROBLEM(SPACED_COLON), 2, 0, 0,
      "line 2 of the message has white space before its colon" },
    { GET "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", PROBLEM(TRANSFER_ENCODING), 2, 0, 0,
      "line 2 of the message is Transfer-Encoding: send the body as it is, with its Content-Length" },
    { GET "A: b\rc\r\n\r\n", PROBLEM(LINE_BREAK), 2, 2, 0,
      "line 2 of the message has a line break in its value, at byte 2" },
    { GET "A: b\r\n \x01\r\n\r\n", PROBLEM(CONTROL_CHARACTER), 2, 5, 0,
      "line 2 of the message has a control character in its value, at byte 5" },
    { GET "Host: a\r\nA: b\r\nhost: a\r\n\r\n", PROBLEM(REPEATED), 4, 0, 2,
      "line 4 of the message repeats the field on line 2" },
    { GET "A:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\nA:\r\n\r\n", PROBLEM(TOO_MANY_FIELDS), 8, 0, 0,
      "line 8 of the message starts a field for which its reader has no place" },
    { GET "A: b\r\n", PROBLEM(NO_EMPTY_LINE), 3, 0, 0,
      "line 3 of the message is missing: an empty line ends the head" },
    { GET "A: b\r\n\r\n{}", PROBLEM(LENGTH), 4, 0, 0,
      "line 4 of the message begins a body that is not as long as Content-Length says" },
};

static size_t refusals(void)
{
    DaxsignRequest before;
    size_t at;
    for (at = 0; at < sizeof REFUSALS / sizeof REFUSALS[0]; at++) {
        const Refusal *refusal = &REFUSALS[at];
        memset(&request.method, 0x5a, sizeof request - offsetof(DaxsignRequest, method));
        before = request;
        EXPECT(DAXSIGN_ERR_MALFORMED_MESSAGE, read_text(refusal->text));
        if (detail.problem != refusal->problem || detail.position != refusal->line ||
            detail.offset != refusal->offset || detail.needed != refusal->first ||
            strcmp(words(), refusal->words) != 0 || strcmp(detail.name, "message") != 0) {
            fprintf(stderr, "case %u: problem %u, line %u, offset %u, first %u: %s\n", (unsigned)at,
                    (unsigned)detail.problem, (unsigned)detail.position, (unsigned)detail.offset,
                    (unsigned)detail.needed, words());
            exit(1);
        }
        CHECK(memcmp(&before, &request, sizeof request) == 0);
        CHECK(refusal->problem == PROBLEM(REQUEST_LINE) + at);
    }
    return at;
}

/* Where there is no room, and what is no refusal of a message. */
static void corners(void)
{
    EXPECT(DAXSIGN_OK, daxsign_message_read(GET "\r\n", 18, NULL, 0, &request, &detail));
    CHECK(request.field_count == 0 && request.body.len == 0);
    CHECK(strcmp(words(), "done") == 0);
    EXPECT(DAXSIGN_ERR_MALFORMED_MESSAGE,
           daxsign_message_read(GET "A:\r\n\r\n", 22, NULL, 0, &request, &detail));
    CHECK(detail.problem == PROBLEM(TOO_MANY_FIELDS));
    EXPECT(DAXSIGN_ERR_MALFORMED_MESSAGE, daxsign_message_read(NULL, 0, fields, ROOM, &request, NULL));
    /* A detail that no call wrote. */
    detail.problem = 1;
    CHECK(strcmp(words(), "the argument `message`: the bytes are no message that everybody reads in the "
                          "same way: daxsign_reading_message says why") == 0);
    detail.status = DAXSIGN_ERR_REPLAYED;
    CHECK(strncmp(words(), "this request was accepted before", 32) == 0);
}

int main(int count, char **arguments)
{
    size_t problems;
    start(count, arguments);
    from_one_to_another();
    problems = refusals();
    corners();
    printf("%u problems\n", (unsigned)problems);
    return 0;
}
