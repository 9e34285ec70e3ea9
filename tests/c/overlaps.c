/* Every function, with each of its outputs in each other memory that it gets: refused, and neither is
 * written; side by side with it: accepted. Prints the functions with their arguments, and how many
 * pairs there were. */
#include "check.h"

/* What is passed, or is pointed to by what is passed. */
enum Id {
    KEY, PUBLIC, REQUEST, METHOD, TARGET, FIELDS, NAME, VALUE, BODY, LIST, LIST_TEXT, OPTIONS, SIGNER,
    SIGNER_KEY, TIME, HASH, RAW, STRING, FILE_BYTES, PUBLIC_FILE, CERTIFICATE, ABOUT, DATE, HTTP_DATE,
    FIELD_VALUE, HEADER, BASE64, AUTHORITY, IN_TIME, EXPLAINED, PIECE, FIELD_NAME, NAMES, COUNTRY, OTHERS, OID, OTHER, HOSTS, HOST,
    ENROLLING, REFUSED, MESSAGE, UNREAD,
    /* Of these the library writes each. */
    OUT, OUT_LEN, DIGEST, KEY_ROOM, PUBLIC_ROOM, BEFORE, AFTER, INFO, READ, SIGNING_ROOM, VERIFYING_ROOM,
    SIGNING, SIGNED, VERIFYING, VERIFIABLE, GUARD_ROOM, GUARD, KEPT_ENTRIES, ENTRIES, VERIFIED, PARSED, EXPLANATION,
    CONTAINS, COUNT, TIME_ROOM, FIELD_ROOM, REQUEST_ROOM, DETAIL,
    ALL
};

#define IS_OUTPUT(id) ((id) >= OUT)
#define MAX_SIZE 4096
#define ENTRY_COUNT 4
#define FIELD_COUNT 4

typedef union Home {
    uint64_t align;
    unsigned char bytes[MAX_SIZE];
} Home;

/* Where each lies when nothing overlaps, what is in it, how long it is, and where it lies now. */
static Home homes[ALL], contents[ALL];
static size_t sizes[ALL];
static void *at[ALL];
/* Where two of them lie in each other. */
static union {
    uint64_t align;
    unsigned char bytes[3 * MAX_SIZE];
} zone, before;

static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static DaxsignField fields[4];
static char value[VALUE_CAP];
static DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
static const DaxsignTime now = { 1589719470, 0 };
static File file, public_file, certificate;
static unsigned pairs;

#define SDK DAXSIGN_PROFILE_VENDOR_SDK

static int32_t callback(void *context, const uint8_t *hash, uint8_t *signature, size_t length)
{
    (void)hash;
    CHECK(length == sizes[RAW]);
    memcpy(signature, context, length);
    return 0;
}

static void progress(void *context) { (void)context; }

static int32_t sign_again(void *context, const uint8_t *hash, uint8_t *signature, size_t length)
{
    DaxsignDigest digest;
    size_t written;
    memcpy(digest.bytes, hash, sizeof digest.bytes);
    return daxsign_sign_digest((const DaxsignPrivateKey *)context, &digest, signature, length,
                               &written, NULL);
}

/* Of no use but for a test. */
static int32_t made_up(void *context, uint8_t *bytes, size_t wanted)
{
    static uint64_t state = 1;
    size_t index;
    (void)context;
    for (index = 0; index < wanted; index++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        bytes[index] = (uint8_t)(state >> 56);
    }
    return 0;
}

static void set(enum Id id, const void *content, size_t size)
{
    CHECK(size > 0 && size <= MAX_SIZE);
    memcpy(&contents[id], content, size);
    sizes[id] = size;
}

static void set_room(enum Id id, size_t size)
{
    CHECK(size <= MAX_SIZE);
    sizes[id] = size;
}

#define SET(id, content) set((id), &(content), sizeof(content))
#define SET_TEXT(id, text) set((id), (text), strlen(text))

static void prepare_keys(void)
{
    static DaxsignPrivateKey key;
    static DaxsignPublicKey public_key;
    const DaxsignCertificate blank = DAXSIGN_CERTIFICATE_INIT;
    DaxsignCertificate read = DAXSIGN_CERTIFICATE_INIT;
    load_private_key("rsa2048.pkcs8.pem", &key);
    load_public_key("rsa2048.spki.pem", &public_key);
    read_key_file("rsa2048.pkcs8.pem", &file);
    read_key_file("rsa2048.spki.pem", &public_file);
    read_key_file("certificate.pem", &certificate);
    SET(KEY, key);
    SET(PUBLIC, public_key);
    SET(SIGNER_KEY, public_key);
    set(FILE_BYTES, file.bytes, file.len);
    set(PUBLIC_FILE, public_file.bytes, public_file.len);
    set(CERTIFICATE, certificate.bytes, certificate.len);
    set(AUTHORITY, certificate.bytes, certificate.len);
    EXPECT(DAXSIGN_OK, daxsign_certificate_read(certificate.bytes, certificate.len, &read, NULL));
    SET(IN_TIME, read.not_after);
    SET(READ, blank);
    set_room(KEY_ROOM, sizeof key);
    set_room(PUBLIC_ROOM, sizeof public_key);
}

static void prepare_request(void)
{
    static const char list[] = "(request-target) host content-length date";
    DaxsignBytes text = daxsign_text(list);
    DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
    DaxsignDigest digest;
    unsigned char raw[512];
    size_t len;
    fields[0] = field("Host", "dax.amido.se");
    fields[1] = field("Content-Length", "18");
    fields[2] = field("Date", "2020-05-17T14:44:30+02:00");
    request.method = daxsign_text("POST");
    request.target = daxsign_text("/api/v2/DaxEndPoint");
    request.fields = fields;
    request.field_count = 3;
    request.body = daxsign_text("{\"hello\": \"world\"}");
    EXPECT(DAXSIGN_OK, daxsign_sign((DaxsignPrivateKey *)(void *)&contents[KEY], &request, &text, SDK,
                                    NULL, value, sizeof value, &len, NULL));
    EXPECT(DAXSIGN_OK, daxsign_signing_digest(&request, &text, SDK, NULL, &digest, NULL));
    EXPECT(DAXSIGN_OK, daxsign_sign_digest((DaxsignPrivateKey *)(void *)&contents[KEY], &digest, raw,
                                           sizeof raw, &len, NULL));
    set(RAW, raw, len);
    SET(HASH, digest);
    fields[3] = field("Signature", value);
    request.field_count = 4;
    SET_TEXT(METHOD, "POST");
    SET_TEXT(TARGET, "/api/v2/DaxEndPoint");
    SET_TEXT(NAME, "Host");
    SET_TEXT(VALUE, "dax.amido.se");
    SET_TEXT(BODY, "{\"hello\": \"world\"}");
    SET_TEXT(PIECE, "{\"hello\": \"world\"}");
    SET_TEXT(LIST_TEXT, list);
    SET_TEXT(FIELD_VALUE, value);
    SET_TEXT(FIELD_NAME, "Date");
    SET_TEXT(STRING, "a string");
    SET_TEXT(DATE, "2020-05-17T14:44:30+02:00");
    SET_TEXT(HTTP_DATE, "Sun, 17 May 2020 12:44:30 GMT");
    SET(OPTIONS, options);
    SET(TIME, now);
    EXPECT(DAXSIGN_OK, daxsign_signature_header_find(&request, &header, NULL));
    set(BASE64, header.signature.data, header.signature.len);
}

static void prepare_names(void)
{
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignNames names = DAXSIGN_NAMES_INIT;
    size_t len;
    EXPECT(DAXSIGN_ERR_INVALID_FIELD,
           daxsign_write_certificate_request((DaxsignPrivateKey *)(void *)&contents[KEY], &names,
                                             DAXSIGN_KEY_ENCODING_DER, NULL, 0, &len, &detail));
    SET(REFUSED, detail);
    SET_TEXT(COUNTRY, "SE");
    SET_TEXT(OID, "2.5.4.5");
    SET_TEXT(OTHER, "18505934000140");
    SET_TEXT(HOST, "tpp1.demo.axway.com");
}

static void prepare_message(void)
{
    const DaxsignRequest blank = DAXSIGN_REQUEST_INIT;
    DaxsignRequest read = DAXSIGN_REQUEST_INIT;
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    EXPECT(DAXSIGN_ERR_MALFORMED_MESSAGE, daxsign_message_read("", 0, NULL, 0, &read, &detail));
    SET(UNREAD, detail);
    SET_TEXT(MESSAGE, "POST / HTTP/1.1\r\nHost: dax.amido.se\r\nContent-Length: 2\r\n\r\n{}");
    SET(REQUEST_ROOM, blank);
    set_room(FIELD_ROOM, FIELD_COUNT * sizeof(DaxsignField));
}

static void prepare_results(void)
{
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
    DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
    DaxsignSignatureHeader parsed = DAXSIGN_SIGNATURE_HEADER_INIT;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    static DaxsignSigningStream signing;
    static DaxsignVerifyingStream verifying;
    DaxsignRequest without = request;
    SET(DETAIL, detail);
    SET(INFO, info);
    SET(VERIFIED, verified);
    SET(PARSED, parsed);
    SET(EXPLANATION, explanation);
    EXPECT(DAXSIGN_OK, daxsign_explain((DaxsignPublicKey *)(void *)&contents[PUBLIC], &request, NULL,
                                       &explanation, NULL));
    SET(EXPLAINED, explanation);
    EXPECT(DAXSIGN_ERR_INVALID_KEY,
           daxsign_key_identify("no key", 6, &info, &detail));
    SET(ABOUT, detail);
    /* Streams that wait for the body; they point to what stays where it is. */
    without.body = daxsign_bytes(NULL, 0);
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&signing, sizeof signing, &without, NULL, NULL,
                                                    DAXSIGN_UNKNOWN_LENGTH, NULL));
    SET(SIGNING, signing);
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_start(
        &verifying, sizeof verifying, (DaxsignPublicKey *)(void *)&contents[PUBLIC], &without, SDK,
        NULL, &now, DAXSIGN_UNKNOWN_LENGTH, NULL));
    SET(VERIFYING, verifying);
    /* And with it. */
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_update(&signing, request.body.data, request.body.len, NULL));
    SET(SIGNED, signing);
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_update(&verifying, request.body.data, request.body.len,
                                                       NULL));
    SET(VERIFIABLE, verifying);
    set_room(OUT, MAX_SIZE);
    set_room(OUT_LEN, sizeof(size_t));
    set_room(DIGEST, sizeof(DaxsignDigest));
    set_room(BEFORE, sizeof(DaxsignTime));
    set_room(AFTER, sizeof(DaxsignTime));
    set_room(TIME_ROOM, sizeof(DaxsignTime));
    set_room(SIGNING_ROOM, sizeof signing);
    set_room(VERIFYING_ROOM, sizeof verifying);
    set_room(GUARD_ROOM, sizeof(DaxsignReplayGuard));
    set_room(ENTRIES, ENTRY_COUNT * sizeof(DaxsignReplayEntry));
    set_room(KEPT_ENTRIES, ENTRY_COUNT * sizeof(DaxsignReplayEntry));
    set_room(CONTAINS, sizeof(uint32_t));
    set_room(COUNT, sizeof(size_t));
}

static DaxsignBytes bytes_at(enum Id id) { return daxsign_bytes(at[id], sizes[id]); }

static void assemble_names(void)
{
    DaxsignNames names = DAXSIGN_NAMES_INIT;
    DaxsignOtherName other;
    DaxsignBytes host = bytes_at(HOST);
    names.instance_id = daxsign_text("01234567-89AB-CDEF-0123-456789ABCDEF");
    names.partner_id = daxsign_text("7f8c2b1a-0000-4000-8000-00000000abcd");
    names.country = bytes_at(COUNTRY);
    names.locality = names.organization = names.unit = daxsign_text("x");
    other.oid = bytes_at(OID);
    other.value = bytes_at(OTHER);
    SET(OTHERS, other);
    SET(HOSTS, host);
    names.others = (const DaxsignOtherName *)at[OTHERS];
    names.other_count = 1;
    names.dns_names = (const DaxsignBytes *)at[HOSTS];
    names.dns_name_count = 1;
    SET(NAMES, names);
}

/* What points to something, by where that lies now. */
static void assemble(void)
{
    DaxsignRequest now_request = request;
    DaxsignField now_fields[4];
    DaxsignBytes list = bytes_at(LIST_TEXT);
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    DaxsignSignatureHeader now_header = header;
    DaxsignReplayGuard guard;
    memcpy(now_fields, fields, sizeof fields);
    now_fields[0].name = bytes_at(NAME);
    now_fields[0].value = bytes_at(VALUE);
    SET(FIELDS, now_fields);
    now_request.method = bytes_at(METHOD);
    now_request.target = bytes_at(TARGET);
    now_request.fields = (const DaxsignField *)at[FIELDS];
    now_request.body = bytes_at(BODY);
    SET(REQUEST, now_request);
    SET(LIST, list);
    signer.modulus_bits = 2048;
    signer.sign_digest = callback;
    signer.context = &contents[RAW];
    signer.public_key = (const DaxsignPublicKey *)at[SIGNER_KEY];
    SET(SIGNER, signer);
    /* Whose signature is over what it gets. */
    signer.sign_digest = sign_again;
    signer.context = &contents[KEY];
    SET(ENROLLING, signer);
    assemble_names();
    now_header.signature = bytes_at(BASE64);
    SET(HEADER, now_header);
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard,
                                                  (DaxsignReplayEntry *)at[KEPT_ENTRIES], ENTRY_COUNT,
                                                  NULL));
    SET(GUARD, guard);
}

static void place(enum Id id)
{
    /* The entries hold what the guard was started with. */
    if (id != KEPT_ENTRIES) {
        memcpy(at[id], &contents[id], sizes[id]);
    }
}

/* The calls, with what lies where it lies now. */
#define CALL(name, call) \
    static DaxsignStatus name(void) { return (call); }
#define TEXT_OUT (char *)at[OUT], sizes[OUT], (size_t *)at[OUT_LEN]
#define BYTES_OUT (uint8_t *)at[OUT], sizes[OUT], (size_t *)at[OUT_LEN]
#define A(id) at[id], sizes[id]

CALL(load_private, daxsign_private_key_load(A(KEY_ROOM), A(FILE_BYTES), at[DETAIL]))
CALL(half, daxsign_private_key_public(at[KEY], A(PUBLIC_ROOM), at[DETAIL]))
CALL(load_public, daxsign_public_key_load(A(PUBLIC_ROOM), A(PUBLIC_FILE), at[DETAIL]))
CALL(load_certificate, daxsign_certificate_load(A(PUBLIC_ROOM), A(CERTIFICATE), at[BEFORE], at[AFTER],
                                                at[DETAIL]))
CALL(key_info, daxsign_public_key_info(at[PUBLIC], at[INFO], at[DETAIL]))
CALL(modulus, daxsign_public_key_modulus(at[PUBLIC], BYTES_OUT, at[DETAIL]))
CALL(identify, daxsign_key_identify(A(FILE_BYTES), at[INFO], at[DETAIL]))
CALL(string, daxsign_signing_string(at[REQUEST], at[LIST], at[OPTIONS], BYTES_OUT, at[DETAIL]))
CALL(component_list, daxsign_component_list(at[REQUEST], at[LIST], TEXT_OUT, at[DETAIL]))
CALL(signing_digest, daxsign_signing_digest(at[REQUEST], at[LIST], SDK, at[OPTIONS], at[DIGEST],
                                            at[DETAIL]))
CALL(string_digest, daxsign_string_digest(A(STRING), SDK, at[DIGEST], at[DETAIL]))
CALL(sign, daxsign_sign(at[KEY], at[REQUEST], at[LIST], SDK, at[OPTIONS], TEXT_OUT, at[DETAIL]))
CALL(sign_with, daxsign_sign_with(at[SIGNER], at[REQUEST], at[LIST], SDK, at[OPTIONS], TEXT_OUT,
                                  at[DETAIL]))
CALL(sign_digest, daxsign_sign_digest(at[KEY], at[HASH], BYTES_OUT, at[DETAIL]))
CALL(with_progress, daxsign_sign_digest_with_progress(at[KEY], at[HASH], progress, NULL, BYTES_OUT,
                                                      at[DETAIL]))
CALL(sign_batch, daxsign_sign_batch(at[KEY], at[HASH], 1, BYTES_OUT, at[DETAIL]))
CALL(verify_digest, daxsign_verify_digest(at[PUBLIC], at[HASH], A(RAW), at[DETAIL]))
CALL(header_write, daxsign_signature_header_write(at[REQUEST], at[LIST], A(RAW), TEXT_OUT, at[DETAIL]))
CALL(header_parse, daxsign_signature_header_parse(A(FIELD_VALUE), at[PARSED], at[DETAIL]))
CALL(header_find, daxsign_signature_header_find(at[REQUEST], at[PARSED], at[DETAIL]))
CALL(header_decode, daxsign_signature_header_decode(at[HEADER], 2048, BYTES_OUT, at[DETAIL]))
CALL(contain, daxsign_components_contain(at[LIST], A(FIELD_NAME), at[CONTAINS], at[DETAIL]))
CALL(signing_start, daxsign_signing_stream_start(A(SIGNING_ROOM), at[REQUEST], at[LIST], at[OPTIONS],
                                                 DAXSIGN_UNKNOWN_LENGTH, at[DETAIL]))
CALL(signing_update, daxsign_signing_stream_update(at[SIGNING], A(PIECE), at[DETAIL]))
CALL(signing_finish, daxsign_signing_stream_finish(at[SIGNED], SDK, at[DIGEST], at[DETAIL]))
CALL(verifying_start, daxsign_verifying_stream_start(A(VERIFYING_ROOM), at[PUBLIC], at[REQUEST], SDK,
                                                     at[OPTIONS], at[TIME], DAXSIGN_UNKNOWN_LENGTH,
                                                     at[DETAIL]))
CALL(verifying_update, daxsign_verifying_stream_update(at[VERIFYING], A(PIECE), at[DETAIL]))
CALL(verifying_finish, daxsign_verifying_stream_finish(at[VERIFIABLE], at[GUARD], at[VERIFIED],
                                                       at[DETAIL]))
CALL(verify, daxsign_verify(at[PUBLIC], at[REQUEST], SDK, at[OPTIONS], at[TIME], at[GUARD],
                            at[VERIFIED], at[DETAIL]))
CALL(guard_start, daxsign_replay_guard_start(A(GUARD_ROOM), at[ENTRIES], ENTRY_COUNT, at[DETAIL]))
CALL(guard_count, daxsign_replay_guard_count(at[GUARD], at[COUNT], at[DETAIL]))
CALL(explain, daxsign_explain(at[PUBLIC], at[REQUEST], at[OPTIONS], at[EXPLANATION], at[DETAIL]))
CALL(explained, daxsign_explanation_message(at[EXPLAINED], TEXT_OUT, at[DETAIL]))
CALL(explained_string, daxsign_explanation_string(at[EXPLAINED], at[REQUEST], at[OPTIONS], BYTES_OUT,
                                                  at[DETAIL]))
CALL(date_format, daxsign_date_format(at[TIME], TEXT_OUT, at[DETAIL]))
CALL(date_parse, daxsign_date_parse(A(DATE), at[TIME_ROOM], at[DETAIL]))
CALL(date_parse_http, daxsign_date_parse_http(A(HTTP_DATE), at[TIME_ROOM], at[DETAIL]))
CALL(detail_message, daxsign_detail_message(at[ABOUT], TEXT_OUT))
CALL(generate_key, daxsign_generate_key(A(KEY_ROOM), 2048, made_up, progress, NULL, at[DETAIL]))
CALL(write_private_key, daxsign_write_private_key(at[KEY], DAXSIGN_KEY_KIND_PKCS8_PRIVATE,
                                                  DAXSIGN_KEY_ENCODING_PEM, BYTES_OUT, at[DETAIL]))
CALL(write_request, daxsign_write_certificate_request(at[KEY], at[NAMES], DAXSIGN_KEY_ENCODING_PEM,
                                                      BYTES_OUT, at[DETAIL]))
CALL(write_request_with,
     daxsign_write_certificate_request_with(at[ENROLLING], at[NAMES], DAXSIGN_KEY_ENCODING_DER,
                                            BYTES_OUT, at[DETAIL]))
CALL(read_certificate, daxsign_certificate_read(A(CERTIFICATE), at[READ], at[DETAIL]))
CALL(verify_certificate, daxsign_certificate_verify(A(CERTIFICATE), A(AUTHORITY), DAXSIGN_PURPOSE_ANY,
                                                    at[IN_TIME], at[DETAIL]))
CALL(enrolling_message, daxsign_enrolling_message(at[REFUSED], TEXT_OUT))
CALL(read_message, daxsign_message_read(A(MESSAGE), at[FIELD_ROOM], FIELD_COUNT, at[REQUEST_ROOM],
                                        at[DETAIL]))
CALL(reading_message, daxsign_reading_message(at[UNREAD], TEXT_OUT))
CALL(key_file_message, daxsign_key_file_message(at[ABOUT], A(FILE_BYTES), TEXT_OUT))

/* What a function gets: which memory, and the argument's name in the header; with a point in it where
 * an argument points to it. */
typedef struct Argument {
    enum Id id;
    const char *name;
} Argument;

typedef struct Function {
    const char *name;
    DaxsignStatus (*call)(void);
    Argument arguments[20];
} Function;

#define REQUEST_PARTS \
    { REQUEST, "request" }, { METHOD, "request.method" }, { TARGET, "request.target" }, \
    { FIELDS, "request.fields" }, { NAME, "request.fields[].name" }, \
    { VALUE, "request.fields[].value" }, { BODY, "request.body" }
#define LIST_PARTS { LIST, "components" }, { LIST_TEXT, "components.data" }
#define OUTPUT { OUT, "out" }, { OUT_LEN, "out_len" }
#define SIGNATURE_OUTPUT { OUT, "signature" }, { OUT_LEN, "signature_len" }
#define OPTION_PART { OPTIONS, "options" }
#define DETAIL_PART { DETAIL, "detail" }
#define NAMES_PARTS \
    { NAMES, "names" }, { COUNTRY, "names.country" }, { OTHERS, "names.others" }, \
    { OID, "names.others[].oid" }, { OTHER, "names.others[].value" }, { HOSTS, "names.dns_names" }, \
    { HOST, "names.dns_names[]" }
#define GUARD_PARTS { GUARD, "guard" }, { KEPT_ENTRIES, "guard.entries" }

static const Function functions[] = {
    { "daxsign_private_key_load", load_private,
      { { KEY_ROOM, "private_key" }, { FILE_BYTES, "file" }, DETAIL_PART } },
    { "daxsign_private_key_public", half,
      { { KEY, "private_key" }, { PUBLIC_ROOM, "public_key" }, DETAIL_PART } },
    { "daxsign_public_key_load", load_public,
      { { PUBLIC_ROOM, "public_key" }, { PUBLIC_FILE, "file" }, DETAIL_PART } },
    { "daxsign_certificate_load", load_certificate,
      { { PUBLIC_ROOM, "public_key" }, { CERTIFICATE, "file" }, { BEFORE, "not_before" },
        { AFTER, "not_after" }, DETAIL_PART } },
    { "daxsign_public_key_info", key_info,
      { { PUBLIC, "public_key" }, { INFO, "info" }, DETAIL_PART } },
    { "daxsign_public_key_modulus", modulus, { { PUBLIC, "public_key" }, OUTPUT, DETAIL_PART } },
    { "daxsign_key_identify", identify,
      { { FILE_BYTES, "file" }, { INFO, "info" }, DETAIL_PART } },
    { "daxsign_signing_string", string,
      { REQUEST_PARTS, LIST_PARTS, OPTION_PART, OUTPUT, DETAIL_PART } },
    { "daxsign_component_list", component_list,
      { REQUEST_PARTS, LIST_PARTS, OUTPUT, DETAIL_PART } },
    { "daxsign_signing_digest", signing_digest,
      { REQUEST_PARTS, LIST_PARTS, OPTION_PART, { DIGEST, "digest" }, DETAIL_PART } },
    { "daxsign_string_digest", string_digest,
      { { STRING, "string" }, { DIGEST, "digest" }, DETAIL_PART } },
    { "daxsign_sign", sign,
      { { KEY, "private_key" }, REQUEST_PARTS, LIST_PARTS, OPTION_PART, OUTPUT, DETAIL_PART } },
    { "daxsign_sign_with", sign_with,
      { { SIGNER, "signer" }, { SIGNER_KEY, "signer.public_key" }, REQUEST_PARTS, LIST_PARTS,
        OPTION_PART, OUTPUT, DETAIL_PART } },
    { "daxsign_sign_digest", sign_digest,
      { { KEY, "private_key" }, { HASH, "digest" }, SIGNATURE_OUTPUT, DETAIL_PART } },
    { "daxsign_sign_digest_with_progress", with_progress,
      { { KEY, "private_key" }, { HASH, "digest" }, SIGNATURE_OUTPUT, DETAIL_PART } },
    { "daxsign_sign_batch", sign_batch,
      { { KEY, "private_key" }, { HASH, "digests" }, { OUT, "signatures" },
        { OUT_LEN, "signatures_len" }, DETAIL_PART } },
    { "daxsign_verify_digest", verify_digest,
      { { PUBLIC, "public_key" }, { HASH, "digest" }, { RAW, "signature" }, DETAIL_PART } },
    { "daxsign_signature_header_write", header_write,
      { REQUEST_PARTS, LIST_PARTS, { RAW, "signature" }, OUTPUT, DETAIL_PART } },
    { "daxsign_signature_header_parse", header_parse,
      { { FIELD_VALUE, "value" }, { PARSED, "header" }, DETAIL_PART } },
    { "daxsign_signature_header_find", header_find,
      { REQUEST_PARTS, { PARSED, "header" }, DETAIL_PART } },
    { "daxsign_signature_header_decode", header_decode,
      { { HEADER, "header" }, { BASE64, "header.signature" }, OUTPUT, DETAIL_PART } },
    { "daxsign_components_contain", contain,
      { LIST_PARTS, { FIELD_NAME, "name" }, { CONTAINS, "contains" }, DETAIL_PART } },
    { "daxsign_signing_stream_start", signing_start,
      { { SIGNING_ROOM, "stream" }, REQUEST_PARTS, LIST_PARTS, OPTION_PART, DETAIL_PART } },
    { "daxsign_signing_stream_update", signing_update,
      { { SIGNING, "stream" }, { PIECE, "piece" }, DETAIL_PART } },
    { "daxsign_signing_stream_finish", signing_finish,
      { { SIGNED, "stream" }, { DIGEST, "digest" }, DETAIL_PART } },
    { "daxsign_verifying_stream_start", verifying_start,
      { { VERIFYING_ROOM, "stream" }, { PUBLIC, "public_key" }, REQUEST_PARTS, OPTION_PART,
        { TIME, "now" }, DETAIL_PART } },
    { "daxsign_verifying_stream_update", verifying_update,
      { { VERIFYING, "stream" }, { PIECE, "piece" }, DETAIL_PART } },
    { "daxsign_verifying_stream_finish", verifying_finish,
      { { VERIFIABLE, "stream" }, GUARD_PARTS, { VERIFIED, "verified" }, DETAIL_PART } },
    { "daxsign_verify", verify,
      { { PUBLIC, "public_key" }, REQUEST_PARTS, OPTION_PART, { TIME, "now" }, GUARD_PARTS,
        { VERIFIED, "verified" }, DETAIL_PART } },
    { "daxsign_replay_guard_start", guard_start,
      { { GUARD_ROOM, "guard" }, { ENTRIES, "entries" }, DETAIL_PART } },
    { "daxsign_replay_guard_count", guard_count,
      { { GUARD, "guard" }, { COUNT, "count" }, DETAIL_PART } },
    { "daxsign_explain", explain,
      { { PUBLIC, "public_key" }, REQUEST_PARTS, OPTION_PART, { EXPLANATION, "explanation" },
        DETAIL_PART } },
    { "daxsign_explanation_message", explained,
      { { EXPLAINED, "explanation" }, OUTPUT, DETAIL_PART } },
    { "daxsign_explanation_string", explained_string,
      { { EXPLAINED, "explanation" }, REQUEST_PARTS, OPTION_PART, OUTPUT, DETAIL_PART } },
    { "daxsign_date_format", date_format, { { TIME, "time" }, OUTPUT, DETAIL_PART } },
    { "daxsign_date_parse", date_parse,
      { { DATE, "text" }, { TIME_ROOM, "time" }, DETAIL_PART } },
    { "daxsign_date_parse_http", date_parse_http,
      { { HTTP_DATE, "text" }, { TIME_ROOM, "time" }, DETAIL_PART } },
    { "daxsign_detail_message", detail_message, { { ABOUT, "about" }, OUTPUT } },
    { "daxsign_generate_key", generate_key, { { KEY_ROOM, "private_key" }, DETAIL_PART } },
    { "daxsign_write_private_key", write_private_key,
      { { KEY, "private_key" }, OUTPUT, DETAIL_PART } },
    { "daxsign_write_certificate_request", write_request,
      { { KEY, "private_key" }, NAMES_PARTS, OUTPUT, DETAIL_PART } },
    { "daxsign_write_certificate_request_with", write_request_with,
      { { ENROLLING, "signer" }, { SIGNER_KEY, "signer.public_key" }, NAMES_PARTS, OUTPUT,
        DETAIL_PART } },
    { "daxsign_certificate_read", read_certificate,
      { { CERTIFICATE, "file" }, { READ, "certificate" }, DETAIL_PART } },
    { "daxsign_certificate_verify", verify_certificate,
      { { CERTIFICATE, "file" }, { AUTHORITY, "authority" }, { IN_TIME, "now" }, DETAIL_PART } },
    { "daxsign_enrolling_message", enrolling_message, { { REFUSED, "about" }, OUTPUT } },
    { "daxsign_message_read", read_message,
      { { MESSAGE, "message" }, { FIELD_ROOM, "fields" }, { REQUEST_ROOM, "request" }, DETAIL_PART } },
    { "daxsign_reading_message", reading_message, { { UNREAD, "about" }, OUTPUT } },
    { "daxsign_key_file_message", key_file_message,
      { { ABOUT, "about" }, { FILE_BYTES, "file" }, OUTPUT } },
};

/* Puts everything where it lies now, the outer one of an overlapping pair before the inner one. */
static void lay_out(enum Id outer, enum Id inner)
{
    int id;
    memset(&zone, 0x5a, sizeof zone);
    assemble();
    for (id = 0; id < ALL; id++) {
        if (id != (int)outer && id != (int)inner) {
            place((enum Id)id);
        }
    }
    place(outer);
    place(inner);
    before = zone;
}

static void go_home(void)
{
    int id;
    for (id = 0; id < ALL; id++) {
        at[id] = &homes[id];
    }
}

/* Where the inner one starts in the outer: behind what must be right for that to be one. */
static size_t offset_in(enum Id outer)
{
    return sizes[outer] > 8 ? 8 : 0;
}

static void expect(const Function *function, const Argument *one, const Argument *other,
                   DaxsignStatus expected)
{
    DaxsignStatus found = function->call();
    if (found != expected) {
        fprintf(stderr, "%s, %s and %s: gave %s, expected %s\n", function->name, one->name,
                other->name, daxsign_status_name(found), daxsign_status_name(expected));
        exit(1);
    }
}

static void try_pair(const Function *function, const Argument *output, const Argument *other)
{
    /* A guard is read before all inputs: it must be whole. */
    enum Id outer = output->id == GUARD ? other->id : output->id;
    enum Id inner = output->id == GUARD ? GUARD : other->id;
    go_home();
    at[outer] = zone.bytes;
    at[inner] = zone.bytes + offset_in(outer);
    lay_out(outer, inner);
    expect(function, output, other, DAXSIGN_ERR_OVERLAP);
    CHECK(memcmp(&zone, &before, sizeof zone) == 0);
    /* Side by side. */
    if (sizes[output->id] % 8 == 0) {
        at[other->id] = zone.bytes + sizes[output->id];
        lay_out(output->id, other->id);
        expect(function, output, other, DAXSIGN_OK);
    }
    if (sizes[other->id] % 8 == 0) {
        at[other->id] = zone.bytes;
        at[output->id] = zone.bytes + sizes[other->id];
        lay_out(output->id, other->id);
        expect(function, output, other, DAXSIGN_OK);
    }
    pairs++;
}

static void try_function(const Function *function)
{
    const Argument *one, *other;
    printf("%s", function->name);
    for (one = function->arguments; one->name != NULL; one++) {
        if (strchr(one->name, '.') == NULL) {
            printf(" %s", one->name);
        }
        for (other = function->arguments; other->name != NULL; other++) {
            /* Two outputs make one pair. */
            if (IS_OUTPUT(one->id) && one != other && (!IS_OUTPUT(other->id) || one < other)) {
                try_pair(function, one, other);
            }
        }
    }
    printf("\n");
}

int main(int count, char **arguments)
{
    size_t index;
    start(count, arguments);
    prepare_keys();
    prepare_request();
    prepare_names();
    prepare_message();
    prepare_results();
    for (index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        try_function(&functions[index]);
    }
    printf("%u pairs\n", pairs);
    return 0;
}
