/* Every status provoked that a caller can provoke, with the details and the sentence that a user gets. */
#include "check.h"

static unsigned char provoked[256];
static DaxsignPrivateKey private_key;
static DaxsignPublicKey public_key, other_key;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignField fields[8];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static DaxsignBytes list;
static DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
static const DaxsignTime now = { 1589719470, 0 };
static char value[VALUE_CAP];
static size_t value_len;
static unsigned char buffer[4096];
static size_t len;

/* The first fields of the request. */
enum { HOST, TYPE, LENGTH, DATE, COUNT };

static void reset(void)
{
    fields[HOST] = field("Host", "dax.amido.se");
    fields[TYPE] = field("Content-Type", "application/json");
    fields[LENGTH] = field("Content-Length", "18");
    fields[DATE] = field("Date", "2020-05-17T14:44:30+02:00");
    request.method = daxsign_text("POST");
    request.target = daxsign_text("/api/v2/DaxEndPoint");
    request.fields = fields;
    request.field_count = COUNT;
    request.body = daxsign_text("{\"hello\": \"world\"}");
    list = daxsign_text("(request-target) host content-type content-length date");
}

/* What the detail must say; what is not named is 0 or empty. */
typedef struct Told {
    uint32_t problem, position;
    uint64_t offset, needed, found;
    const char *name, *text;
    /* The whole sentence, or NULL where only its presence is checked. */
    const char *message;
} Told;

static void told(int line, int32_t expected, DaxsignStatus status, Told what)
{
    char message[512];
    size_t message_len;
    const char *name = what.name ? what.name : "";
    const char *text = what.text ? what.text : "";

    EXPECT(DAXSIGN_OK, daxsign_detail_message(&detail, message, sizeof message, &message_len));
    CHECK(message_len == strlen(message) && message_len > 0);
    if (expected != status || detail.status != status || detail.problem != what.problem ||
        detail.position != what.position || detail.offset != what.offset ||
        detail.needed != what.needed || detail.found != what.found ||
        strcmp(detail.name, name) != 0 || strcmp(detail.text, text) != 0 ||
        (what.message != NULL && strcmp(message, what.message) != 0)) {
        fprintf(stderr,
                "line %d: %s, problem %u, position %u, offset %llu, needed %llu, found %llu, name "
                "`%s`, text `%s`: %s\n",
                line, daxsign_status_name(status), (unsigned)detail.problem,
                (unsigned)detail.position, (unsigned long long)detail.offset,
                (unsigned long long)detail.needed, (unsigned long long)detail.found, detail.name,
                detail.text, message);
        exit(1);
    }
    provoked[status] = 1;
    reset();
}

/* What is said of key files, by what loading them told. */
static void key_files(void)
{
    static const char SSH[] = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ";
    char message[512];
    size_t message_len;
    EXPECT(DAXSIGN_ERR_INVALID_KEY,
           daxsign_private_key_load(&private_key, sizeof private_key, SSH, strlen(SSH), &detail));
    EXPECT(DAXSIGN_OK, daxsign_key_file_message(&detail, SSH, strlen(SSH), message, sizeof message,
                                                &message_len));
    CHECK(strcmp(message, "this is a public key in OpenSSH's one-line format: turn it into PEM with "
                          "`ssh-keygen -e -m pkcs8 -f FILE > public.pem`") == 0);
    /* Nothing more is known. */
    EXPECT(DAXSIGN_ERR_INVALID_KEY,
           daxsign_public_key_load(&public_key, sizeof public_key, "no key", 6, &detail));
    EXPECT(DAXSIGN_OK,
           daxsign_key_file_message(&detail, "no key", 6, message, sizeof message, &message_len));
    CHECK(strcmp(message, "the key cannot be used: it is neither PEM nor DER: pass the key file's "
                          "bytes as they are") == 0);
    EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL,
           daxsign_key_file_message(&detail, "no key", 6, message, 20, &message_len));
}

#define TOLD(expected, call, ...) \
    do { \
        Told what = __VA_ARGS__; \
        memset(&detail.status, 0xA5, sizeof detail - sizeof detail.struct_size); \
        told(__LINE__, (expected), (call), what); \
    } while (0)

static DaxsignStatus string_of_request(void)
{
    return daxsign_signing_string(&request, &list, &options, buffer, sizeof buffer, &len, &detail);
}

static void errors_of_the_list(void)
{
    list = daxsign_text("(request-target) date x:y");
    TOLD(DAXSIGN_ERR_INVALID_COMPONENT, string_of_request(), { .position = 3, .name = "x:y" });
    list = daxsign_text("(request-target) host");
    TOLD(DAXSIGN_ERR_MISSING_COMPONENT, string_of_request(), { .name = "date" });
    list = daxsign_text("date");
    TOLD(DAXSIGN_ERR_MISSING_COMPONENT, string_of_request(), { .name = "(request-target)" });
    list = daxsign_text("(created) (request-target) date");
    TOLD(DAXSIGN_ERR_UNSUPPORTED_COMPONENT, string_of_request(),
         { .position = 1, .name = "(created)" });
    list = daxsign_text("(request-target) x-role date");
    TOLD(DAXSIGN_ERR_MISSING_HEADER, string_of_request(),
         { .name = "x-role",
           .message = "the request has no field `x-role`: add it, or take it off the component "
                      "list if it is optional there" });
}

static void header_value(const char *first, const char *second, uint32_t problem, uint32_t position,
                         uint64_t offset)
{
    fields[COUNT] = field("X-V", first);
    request.field_count = COUNT + 1;
    if (second != NULL) {
        fields[COUNT + 1] = field("x-v", second);
        request.field_count++;
    }
    list = daxsign_text("(request-target) x-v date");
    TOLD(DAXSIGN_ERR_INVALID_HEADER_VALUE, string_of_request(),
         { .problem = problem, .position = position, .offset = offset, .name = "x-v" });
}

static void errors_of_the_head(void)
{
    request.method = daxsign_text("PO ST");
    TOLD(DAXSIGN_ERR_INVALID_METHOD, string_of_request(), { .offset = 2 });
    request.target = daxsign_text("/api v2");
    TOLD(DAXSIGN_ERR_INVALID_TARGET, string_of_request(), { .offset = 4 });
    header_value("a\x01" "b", NULL, DAXSIGN_PROBLEM_VALUE_CONTROL_CHARACTER, 1, 1);
    header_value("ab", "a\xff" "b", DAXSIGN_PROBLEM_VALUE_NOT_UTF8, 2, 1);
    header_value("ab\rc", NULL, DAXSIGN_PROBLEM_VALUE_LINE_BREAK, 1, 2);
    header_value("\xc2\xa0" "ab", NULL, DAXSIGN_PROBLEM_VALUE_EDGE_WHITE_SPACE, 1, 0);
    header_value("ab", "", DAXSIGN_PROBLEM_VALUE_EMPTY_INSTANCE, 2, 0);
    fields[LENGTH] = field("Content-Length", "17");
    TOLD(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH, string_of_request(),
         { .needed = 18,
           .found = 17,
           .message = "Content-Length says 17 but the body has 18 bytes: send exactly the bytes "
                      "that are signed (a stray newline is the usual cause)" });
    fields[LENGTH] = field("Content-Length", "0x12");
    TOLD(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH, string_of_request(),
         { .needed = 18,
           .problem = DAXSIGN_PROBLEM_CONTENT_LENGTH_NOT_A_NUMBER,
           .message = "Content-Length is not one decimal number: write 18, the body's length in "
                      "bytes" });
    fields[TYPE] = field("Content-Type", "text/plain; charset=latin1");
    TOLD(DAXSIGN_ERR_UNSUPPORTED_CHARSET, string_of_request(),
         { .name = "content-type",
           .text = "latin1",
           .message = "content-type names the charset `latin1`: DAX signs UTF-8 only; encode the "
                      "request as UTF-8 and say charset=utf-8 or nothing" });
    fields[TYPE] = field("Content-Type", "text/plain");
    options.content = DAXSIGN_CONTENT_REST;
    TOLD(DAXSIGN_ERR_INVALID_CONTENT_TYPE, string_of_request(), { 0 });
    options.content = DAXSIGN_CONTENT_ANY;
}

static void body(const char *text, const char *body_len, uint32_t problem, uint64_t offset)
{
    request.body = daxsign_text(text);
    fields[LENGTH] = field("Content-Length", body_len);
    TOLD(DAXSIGN_ERR_INVALID_BODY, string_of_request(), { .problem = problem, .offset = offset });
}

static void date(const char *text, uint32_t problem, uint64_t offset, const char *name)
{
    fields[DATE] = field("Date", text);
    TOLD(DAXSIGN_ERR_INVALID_DATE, string_of_request(),
         { .problem = problem, .offset = offset, .name = name });
}

static void errors_of_body_and_date(void)
{
    body("\xef\xbb\xbf{}", "5", DAXSIGN_PROBLEM_BODY_BYTE_ORDER_MARK, 0);
    body("{\"\xff\"}", "5", DAXSIGN_PROBLEM_BODY_NOT_UTF8, 2);
    body("\x1f\x8b\x08", "3", DAXSIGN_PROBLEM_BODY_COMPRESSED, 1);
    body("\xff\xfe{", "3", DAXSIGN_PROBLEM_BODY_UTF16, 0);
    date("2020-05-17 14:44:30Z", DAXSIGN_PROBLEM_DATE_FORMAT, 10, NULL);
    date("Sun, 17 May 2020 12:44:30 GMT", DAXSIGN_PROBLEM_DATE_RFC1123, 0, NULL);
    date("2020-05-17T14:44:30.Z", DAXSIGN_PROBLEM_DATE_FRACTION, 0, NULL);
    date("2020-05-17T14:44:30", DAXSIGN_PROBLEM_DATE_ZONE, 0, NULL);
    date("2020-05-17T14:44:30+0200", DAXSIGN_PROBLEM_DATE_ZONE_COLON, 0, NULL);
    date("2020-05-17T14:44:30Z[UTC]", DAXSIGN_PROBLEM_DATE_AFTER_ZONE, 0, NULL);
    date("2020-05-17T14:44:30,5Z", DAXSIGN_PROBLEM_DATE_DECIMAL_COMMA, 0, NULL);
    date("2020-13-17T14:44:30Z", DAXSIGN_PROBLEM_DATE_RANGE, 0, "month");
    EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL,
           daxsign_signing_string(&request, &list, NULL, NULL, 0, &value_len, NULL));
    TOLD(DAXSIGN_ERR_BUFFER_TOO_SMALL,
         daxsign_signing_string(&request, &list, NULL, buffer, 10, &len, &detail),
         { .needed = value_len });
    CHECK(len == value_len && all(buffer, 10, 0));
}

static DaxsignStatus parse(const char *text)
{
    DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
    return daxsign_signature_header_parse(text, strlen(text), &header, &detail);
}

#define MALFORMED(text, kind, at) \
    TOLD(DAXSIGN_ERR_MALFORMED_SIGNATURE_HEADER, parse(text), \
         { .problem = DAXSIGN_PROBLEM_SYNTAX_##kind, .offset = (at) })

static void errors_of_the_field(void)
{
    MALFORMED("=\"dax\"", NAME, 0);
    MALFORMED("realm=dax", QUOTE, 5);
    MALFORMED("realm=\"d\\ax\"", VALUE, 8);
    MALFORMED("realm=\"dax", UNTERMINATED, 10);
    MALFORMED("signature=\"AA\r\n AA\"", LINE_BREAK, 13);
    MALFORMED("realm=\"dax\",algorithm=\"sha256withrsa\"", SEPARATOR, 11);
    fields[COUNT] = field("Signature", "realm=\"dax\"");
    fields[COUNT + 1] = field("signature", "realm=\"dax\"");
    request.field_count = COUNT + 2;
    TOLD(DAXSIGN_ERR_MALFORMED_SIGNATURE_HEADER,
         daxsign_verify(&public_key, &request, 1, NULL, &now, NULL, NULL, &detail),
         { .problem = DAXSIGN_PROBLEM_SYNTAX_REPEATED, .offset = 11 });
    TOLD(DAXSIGN_ERR_MISSING_PARAMETER,
         parse("realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"(request-target) date\""),
         { .name = "signature",
           .message = "the Signature field lacks the parameter `signature`: it needs realm, "
                      "algorithm, headers and signature" });
    TOLD(DAXSIGN_ERR_DUPLICATE_PARAMETER, parse("realm=\"dax\" realm=\"dax\""),
         { .name = "realm",
           .offset = 12,
           .message = "the Signature field has `realm` a second time at byte 12: each parameter "
                      "stands once" });
    TOLD(DAXSIGN_ERR_WRONG_REALM,
         parse("realm=\"dox\" algorithm=\"sha256withrsa\" headers=\"(request-target) date\" "
               "signature=\"AAAA\""),
         { .text = "dox", .message = "the realm is `dox`: it must be `dax`" });
    TOLD(DAXSIGN_ERR_UNSUPPORTED_ALGORITHM,
         parse("realm=\"dax\" algorithm=\"rsa-sha1\" headers=\"(request-target) date\" "
               "signature=\"AAAA\""),
         { .text = "rsa-sha1",
           .message = "the algorithm is `rsa-sha1`: it must be `sha256withrsa`" });
}

static void sign(void)
{
    EXPECT(DAXSIGN_OK, daxsign_sign(&private_key, &request, &list, DAXSIGN_PROFILE_DOCUMENTED, NULL,
                                    value, sizeof value, &value_len, NULL));
    fields[COUNT] = field("Signature", value);
    request.field_count = COUNT + 1;
}

static DaxsignStatus verify_at(int64_t seconds, DaxsignReplayGuard *guard)
{
    DaxsignTime clock;
    clock.seconds = seconds;
    clock.nanoseconds = 0;
    return daxsign_verify(&public_key, &request, DAXSIGN_PROFILE_DOCUMENTED, NULL, &clock, guard,
                          NULL, &detail);
}

static void errors_of_the_verdict(void)
{
    DaxsignReplayGuard guard;
    DaxsignReplayEntry entries[1];

    sign();
    value[value_len - 2] = '!';
    TOLD(DAXSIGN_ERR_INVALID_SIGNATURE_ENCODING, verify_at(now.seconds, NULL),
         { .needed = 256, .found = 344, .problem = DAXSIGN_PROBLEM_ENCODING_NOT_BASE64 });
    sign();
    value[value_len - 8] = '-';
    TOLD(DAXSIGN_ERR_INVALID_SIGNATURE_ENCODING, verify_at(now.seconds, NULL),
         { .needed = 256, .found = 344, .problem = DAXSIGN_PROBLEM_ENCODING_BASE64_URL });
    TOLD(DAXSIGN_ERR_MISSING_HEADER, verify_at(now.seconds, NULL),
         { .name = "signature", .problem = DAXSIGN_PROBLEM_HEADER_LOST });
    fields[COUNT] = field("Authorization", "Signature realm=\"dax\"");
    request.field_count = COUNT + 1;
    TOLD(DAXSIGN_ERR_MISSING_HEADER, verify_at(now.seconds, NULL),
         { .name = "signature", .problem = DAXSIGN_PROBLEM_HEADER_IN_AUTHORIZATION });
    sign();
    request.body = daxsign_text("{\"hello\": \"wOrld\"}");
    TOLD(DAXSIGN_ERR_SIGNATURE_MISMATCH, verify_at(now.seconds, NULL), { 0 });
    sign();
    TOLD(DAXSIGN_ERR_STALE_DATE, verify_at(now.seconds + 301, NULL),
         { .needed = 300,
           .found = 301,
           .message = "the request is 301 s old and 300 s are allowed: check both clocks, or sign "
                      "again with the present time" });
    sign();
    TOLD(DAXSIGN_ERR_FUTURE_DATE, verify_at(now.seconds - 400, NULL),
         { .needed = 300, .found = 400 });
    EXPECT(DAXSIGN_OK,
           daxsign_replay_guard_start(&guard, sizeof guard, entries, 1, &detail));
    sign();
    EXPECT(DAXSIGN_OK, verify_at(now.seconds, &guard));
    TOLD(DAXSIGN_ERR_REPLAYED, verify_at(now.seconds, &guard), { 0 });
    request.target = daxsign_text("/other");
    sign();
    TOLD(DAXSIGN_ERR_REPLAY_GUARD_FULL, verify_at(now.seconds, &guard), { .found = 1 });
    list = daxsign_text("(request-target) host date");
    sign();
    TOLD(DAXSIGN_ERR_UNBOUND_BODY, verify_at(now.seconds, NULL),
         { .problem = DAXSIGN_PROBLEM_BINDING_CONTENT_LENGTH_NOT_LISTED });
    list = daxsign_text("(request-target) date content-length");
    sign();
    TOLD(DAXSIGN_ERR_UNBOUND_BODY, verify_at(now.seconds, NULL),
         { .problem = DAXSIGN_PROBLEM_BINDING_DATE_NOT_LAST });
}

static DaxsignStatus load(const File *file)
{
    DaxsignPrivateKey key;
    memset(&key, 'x', sizeof key);
    return daxsign_private_key_load(&key, sizeof key, file->bytes, file->len, &detail);
}

static void errors_of_keys(void)
{
    File file;
    DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;

    TOLD(DAXSIGN_ERR_INVALID_KEY, daxsign_key_identify("hello", 5, &info, &detail),
         { .problem = DAXSIGN_PROBLEM_KEY_NOT_A_KEY });
    read_key_file("rsa2048.pkcs8.pem", &file);
    file.len -= 20;
    TOLD(DAXSIGN_ERR_INVALID_KEY, load(&file), { .problem = DAXSIGN_PROBLEM_KEY_PEM_END });
    read_key_file("rsa2048.pkcs8.pem", &file);
    file.bytes[100] = '#';
    TOLD(DAXSIGN_ERR_INVALID_KEY, load(&file), { .problem = DAXSIGN_PROBLEM_KEY_BASE64 });
    read_key_file("rsa2048.pkcs1.der", &file);
    /* The tag of the public exponent. */
    file.bytes[268] = 0x05;
    TOLD(DAXSIGN_ERR_INVALID_KEY, load(&file),
         { .problem = DAXSIGN_PROBLEM_KEY_DER,
           .offset = 268,
           .message = "the key cannot be used: its DER is not that of an RSA key at byte 268: is the "
                      "file damaged?" });
    read_key_file("rsa2048.pkcs1.der", &file);
    /* The last byte of the modulus, which starts at byte 11 with a zero. */
    file.bytes[12 + 255] ^= 1;
    TOLD(DAXSIGN_ERR_INVALID_KEY, load(&file),
         { .problem = DAXSIGN_PROBLEM_KEY_MODULUS,
           .message = "the key cannot be used: the modulus is an even number" });
    read_key_file("rsa2048.pkcs1.der", &file);
    file.bytes[file.len - 1] ^= 1;
    TOLD(DAXSIGN_ERR_INVALID_KEY, load(&file), { .problem = DAXSIGN_PROBLEM_KEY_Q_INV });
    read_key_file("ec.pem", &file);
    TOLD(DAXSIGN_ERR_UNSUPPORTED_KEY, load(&file), { .text = "an elliptic curve key" });
    read_key_file("rsa1024.pem", &file);
    TOLD(DAXSIGN_ERR_KEY_TOO_SMALL, load(&file),
         { .found = 1024,
           .message = "the key has 1024 bits: DAX keys have at least 2048; make a new key" });
}

static int32_t sign_in_process(void *context, const uint8_t *digest, uint8_t *signature,
                               size_t signature_len)
{
    DaxsignDigest copy;
    size_t written;
    memcpy(copy.bytes, digest, sizeof copy.bytes);
    return daxsign_sign_digest((const DaxsignPrivateKey *)context, &copy, signature, signature_len,
                               &written, NULL);
}

static int32_t refuse_to_sign(void *context, const uint8_t *digest, uint8_t *signature,
                              size_t signature_len)
{
    (void)context, (void)digest, (void)signature, (void)signature_len;
    return -7;
}

static DaxsignStatus sign_with(const DaxsignSigner *signer)
{
    return daxsign_sign_with(signer, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, value,
                             sizeof value, &value_len, &detail);
}

static void errors_of_signers(void)
{
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    signer.modulus_bits = 2048;
    signer.context = &private_key;
    signer.sign_digest = sign_in_process;
    signer.public_key = &public_key;
    EXPECT(DAXSIGN_OK, sign_with(&signer));
    signer.public_key = &other_key;
    TOLD(DAXSIGN_ERR_SIGNING_FAULT, sign_with(&signer), { 0 });
    CHECK(all(value, sizeof value, 0));
    signer.sign_digest = refuse_to_sign;
    TOLD(DAXSIGN_ERR_SIGNER_FAILED, sign_with(&signer),
         { .found = (uint64_t)-7, .name = "signer.sign_digest" });
    signer.modulus_bits = 2047;
    TOLD(DAXSIGN_ERR_INVALID_ARGUMENT, sign_with(&signer),
         { .found = 2047, .name = "signer.modulus_bits" });
}

static int32_t give_nothing(void *context, uint8_t *bytes, size_t wanted)
{
    (void)bytes, (void)wanted;
    return *(const int32_t *)context;
}

static int32_t give_the_same(void *context, uint8_t *bytes, size_t wanted)
{
    (void)context;
    memset(bytes, 0xE7, wanted);
    return 0;
}

/* Multiples of 3, whatever bits the library sets at both ends; see enrolling.c. */
static int32_t give_composites(void *context, uint8_t *bytes, size_t wanted)
{
    uint64_t *state = (uint64_t *)context;
    unsigned sum = 0;
    size_t at;
    for (at = 0; at < wanted; at++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        bytes[at] = at == 1 ? 0 : (uint8_t)(*state >> 56);
        if (at == 0) {
            bytes[at] |= 0xC0;
        }
        if (at + 1 == wanted) {
            bytes[at] |= 1;
        }
        sum += bytes[at];
    }
    bytes[1] = (uint8_t)((3 - sum % 3) % 3);
    return 0;
}

/* What daxsign_detail_message says of enrolling; daxsign_enrolling_message has more words. */
static void errors_of_enrolling(void)
{
    static DaxsignPrivateKey key;
    DaxsignNames names = DAXSIGN_NAMES_INIT;
    int32_t code = -9;
    uint64_t state = 1;
#define MAKE(bits, random, context) \
    daxsign_generate_key(&key, sizeof key, bits, random, NULL, context, &detail)
    TOLD(DAXSIGN_ERR_KEY_SIZE, MAKE(2047, give_nothing, &code), { .name = "bits", .found = 2047 });
    TOLD(DAXSIGN_ERR_RANDOMNESS_FAILED, MAKE(2048, give_nothing, &code),
         { .name = "random",
           .found = (uint64_t)-9,
           .message = "the argument `random`: the source of randomness failed, so no key was made: "
                      "its number stands in the detail (found: -9)" });
    TOLD(DAXSIGN_ERR_RANDOMNESS_STUCK, MAKE(2048, give_the_same, NULL), { .name = "random" });
    TOLD(DAXSIGN_ERR_NO_PRIME, MAKE(2048, give_composites, &state), { .name = "random" });
    TOLD(DAXSIGN_ERR_INVALID_FIELD,
         daxsign_write_certificate_request(&private_key, &names, DAXSIGN_KEY_ENCODING_PEM, buffer,
                                           sizeof buffer, &len, &detail),
         { .name = "names.country",
           .problem = DAXSIGN_PROBLEM_FIELD_NOT_A_COUNTRY,
           .message = "the argument `names.country`: a field of the certificate request cannot be "
                      "used: daxsign_enrolling_message says why" });
}

/* And of certificates. */
static void errors_of_certificates(void)
{
    DaxsignCertificate read = DAXSIGN_CERTIFICATE_INIT;
    File file;
    read_key_file("certificate2048.pem", &file);
    TOLD(DAXSIGN_ERR_UNTRUSTED_CERTIFICATE,
         daxsign_certificate_verify(file.bytes, file.len, file.bytes, file.len, DAXSIGN_PURPOSE_ANY,
                                    &now, &detail),
         { .problem = DAXSIGN_PROBLEM_TRUST_NOT_YET_VALID,
           .message = "the certificate is not trusted: daxsign_enrolling_message says why" });
    read_key_file("certificate.der", &file);
    /* The version. */
    file.bytes[12] = 9;
    TOLD(DAXSIGN_ERR_MALFORMED_CERTIFICATE,
         daxsign_certificate_read(file.bytes, file.len, &read, &detail),
         { .name = "file",
           .offset = 8,
           .message = "the argument `file`: the file is no certificate, or damaged: "
                      "daxsign_enrolling_message says where" });
}

/* And of messages. */
static void errors_of_messages(void)
{
    static const char TEXT[] = "GET / HTTP/1.1\nHost: a\n\n";
    DaxsignRequest read = DAXSIGN_REQUEST_INIT;
    TOLD(DAXSIGN_ERR_MALFORMED_MESSAGE,
         daxsign_message_read(TEXT, strlen(TEXT), fields, COUNT, &read, &detail),
         { .name = "message",
           .problem = DAXSIGN_PROBLEM_MESSAGE_LINE_END,
           .position = 1,
           .message = "the argument `message`: the bytes are no message that everybody reads in the "
                      "same way: daxsign_reading_message says why" });
}

static void errors_of_the_call(void)
{
    DaxsignPrivateKey key;
    DaxsignOptions old = DAXSIGN_OPTIONS_INIT;
    char *bytes = (char *)buffer;

    TOLD(DAXSIGN_ERR_NULL_POINTER, daxsign_date_parse("x", 1, NULL, &detail), { .name = "time" });
    TOLD(DAXSIGN_ERR_INVALID_LENGTH,
         daxsign_private_key_load(&key, sizeof key, bytes, SIZE_MAX, &detail),
         { .name = "file", .needed = SIZE_MAX / 2, .found = SIZE_MAX });
    TOLD(DAXSIGN_ERR_INVALID_ARGUMENT,
         daxsign_signing_digest(&request, NULL, 3, NULL, (DaxsignDigest *)buffer, &detail),
         { .name = "profile", .found = 3 });
    TOLD(DAXSIGN_ERR_OVERLAP,
         daxsign_signing_string(&request, &list, NULL, (uint8_t *)&request, 8, &len, &detail),
         { .name = "request" });
    TOLD(DAXSIGN_ERR_MISALIGNED,
         daxsign_private_key_load((DaxsignPrivateKey *)(void *)(buffer + 4), sizeof key, "x", 1,
                                  &detail),
         { .name = "private_key", .needed = 8 });
    TOLD(DAXSIGN_ERR_TOO_SMALL,
         daxsign_private_key_load(&key, sizeof key / 2, "x", 1, &detail),
         { .name = "private_key", .needed = DAXSIGN_PRIVATE_KEY_SIZE, .found = sizeof key / 2 });
    old.struct_size -= 4;
    TOLD(DAXSIGN_ERR_ABI_MISMATCH,
         daxsign_signing_string(&request, &list, &old, buffer, 8, &len, &detail),
         { .name = "options", .needed = sizeof old, .found = sizeof old - 4 });
    memset(&key, 0, sizeof key);
    TOLD(DAXSIGN_ERR_NOT_INITIALISED,
         daxsign_sign(&key, &request, NULL, 1, NULL, value, sizeof value, &value_len, &detail),
         { .name = "private_key" });
}

/* Every number of the enum has a name and a message; every other number has none. */
static void names(void)
{
    const char *unknown = daxsign_status_message(-1);
    int32_t number;
    int known = 0;
    for (number = -3; number < 256; number++) {
        const char *name = daxsign_status_name(number);
        if (strcmp(daxsign_status_message(number), unknown) != 0) {
            known++;
            CHECK(number == DAXSIGN_ERR_UNKNOWN || strcmp(name, "unknown") != 0);
        } else {
            CHECK(strcmp(name, "unknown") == 0);
        }
    }
    CHECK(known == 49);
    CHECK(strcmp(daxsign_status_name(INT32_MIN), "unknown") == 0);
    CHECK(strcmp(daxsign_status_message(INT32_MAX), unknown) == 0);
    CHECK(strcmp(daxsign_status_name(DAXSIGN_OK), "ok") == 0);
}

int main(int count, char **arguments)
{
    int number, seen = 0;
    start(count, arguments);
    load_private_key("rsa2048.pkcs1.pem", &private_key);
    load_public_key("rsa2048.spki.pem", &public_key);
    {
        /* A public key that is not the private key's. */
        File file;
        read_key_file("rsa2048.public-pkcs1.der", &file);
        file.bytes[100] ^= 1;
        EXPECT(DAXSIGN_OK, daxsign_public_key_load(&other_key, sizeof other_key, file.bytes,
                                                   file.len, NULL));
    }
    reset();
    errors_of_the_list();
    errors_of_the_head();
    errors_of_body_and_date();
    errors_of_the_field();
    errors_of_the_verdict();
    errors_of_keys();
    errors_of_signers();
    errors_of_enrolling();
    errors_of_certificates();
    errors_of_messages();
    errors_of_the_call();
    names();
    key_files();
    for (number = 1; number < 200; number++) {
        const char *name = daxsign_status_name(number);
        /* `unknown` is for errors of a newer core: this one has none without a number. A fault of the
           library itself has a name, and no call that leads to it. */
        if (number == DAXSIGN_ERR_INTERNAL_FAULT) {
            CHECK(!provoked[number]);
        } else if (strcmp(name, "unknown") != 0) {
            if (!provoked[number]) {
                fprintf(stderr, "never provoked: %s\n", name);
            }
            CHECK(provoked[number]);
            seen++;
        }
    }
    printf("%d statuses provoked\n", seen);
    return 0;
}
