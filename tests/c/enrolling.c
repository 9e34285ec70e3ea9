/* A key pair, its files and requests for a certificate, made as a device makes them. Leaves them in the
 * working folder, for OpenSSL to judge; and what is refused, with its words. */
#include "check.h"

#define BITS 2048
#define PEM DAXSIGN_KEY_ENCODING_PEM
#define DER DAXSIGN_KEY_ENCODING_DER

static DaxsignPrivateKey key;
static DaxsignPublicKey public_key;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignNames names = DAXSIGN_NAMES_INIT;
static char out[8192];
static size_t len;
static unsigned refused;

/* What both functions of the generation get. */
typedef struct Device {
    FILE *random;
    uint64_t state;
    unsigned fed, asked;
    int32_t code;
} Device;

static int32_t from_the_system(void *context, uint8_t *bytes, size_t wanted)
{
    Device *device = (Device *)context;
    CHECK(wanted == 32);
    device->asked++;
    return fread(bytes, 1, wanted, device->random) == wanted ? 0 : -1;
}

static void feed(void *context) { ((Device *)context)->fed++; }

static void write_file(const char *name)
{
    FILE *file = fopen(name, "wb");
    CHECK(file != NULL);
    CHECK(fwrite(out, 1, len, file) == len);
    CHECK(fclose(file) == 0);
}

static void make_key(void)
{
    Device device = { NULL, 0, 0, 0, 0 };
    device.random = fopen("/dev/urandom", "rb");
    CHECK(device.random != NULL);
    EXPECT(DAXSIGN_OK, daxsign_generate_key(&key, sizeof key, BITS, from_the_system, feed, &device,
                                            &detail));
    CHECK(detail.status == DAXSIGN_OK);
    CHECK(device.asked > 8 && device.fed > 1000);
    EXPECT(DAXSIGN_OK,
           daxsign_private_key_public(&key, &public_key, sizeof public_key, &detail));
    /* And without a function for progress. */
    {
        static DaxsignPrivateKey other;
        EXPECT(DAXSIGN_OK, daxsign_generate_key(&other, sizeof other, BITS, from_the_system, NULL,
                                                &device, NULL));
        CHECK(memcmp(&other, &key, sizeof key) != 0);
        EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&other));
    }
    fclose(device.random);
}

static void modulus_of(const DaxsignPublicKey *of, uint8_t *modulus)
{
    size_t modulus_len;
    EXPECT(DAXSIGN_OK, daxsign_public_key_modulus(of, modulus, BITS / 8, &modulus_len, &detail));
    CHECK(modulus_len == BITS / 8);
}

static void write_key_files(void)
{
    static const struct {
        const char *name;
        uint32_t kind, encoding;
    } FILES[] = {
        { "made.pkcs1.pem", DAXSIGN_KEY_KIND_PKCS1_PRIVATE, PEM },
        { "made.pkcs1.der", DAXSIGN_KEY_KIND_PKCS1_PRIVATE, DER },
        { "made.pkcs8.pem", DAXSIGN_KEY_KIND_PKCS8_PRIVATE, PEM },
        { "made.pkcs8.der", DAXSIGN_KEY_KIND_PKCS8_PRIVATE, DER },
    };
    uint8_t modulus[BITS / 8], again[BITS / 8];
    size_t at, needed;
    modulus_of(&public_key, modulus);
    for (at = 0; at < sizeof FILES / sizeof FILES[0]; at++) {
        DaxsignPrivateKey loaded;
        DaxsignPublicKey half;
        const uint32_t kind = FILES[at].kind, encoding = FILES[at].encoding;
        EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL,
               daxsign_write_private_key(&key, kind, encoding, NULL, 0, &needed, &detail));
        memset(out, 'x', sizeof out);
        EXPECT(DAXSIGN_OK, daxsign_write_private_key(&key, kind, encoding, out, sizeof out, &len,
                                                     &detail));
        CHECK(len == needed && len < DAXSIGN_KEY_FILE_LEN(BITS));
        CHECK(out[len] == (encoding == PEM ? '\0' : 'x') && out[len + 1] == 'x');
        write_file(FILES[at].name);
        EXPECT(DAXSIGN_OK, daxsign_private_key_load(&loaded, sizeof loaded, out, len, &detail));
        EXPECT(DAXSIGN_OK, daxsign_private_key_public(&loaded, &half, sizeof half, &detail));
        modulus_of(&half, again);
        CHECK(memcmp(modulus, again, sizeof modulus) == 0);
        EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&loaded));
        /* One byte less: nothing is left of it. */
        memset(out, 'x', sizeof out);
        EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL,
               daxsign_write_private_key(&key, kind, encoding, out, needed - 1, &len, &detail));
        CHECK(len == needed && detail.needed == needed);
        CHECK(all(out, needed - 1, 0) && out[needed - 1] == 'x');
    }
}

/* All sizes of keys fit the room that the header names. */
static void room_for_key_files(void)
{
    static const uint32_t KINDS[] = { DAXSIGN_KEY_KIND_PKCS1_PRIVATE,
                                      DAXSIGN_KEY_KIND_PKCS8_PRIVATE };
    unsigned bits, kind;
    for (bits = 2048; bits <= DAXSIGN_MAX_MODULUS_BITS; bits += 1024) {
        static DaxsignPrivateKey kept;
        char name[32];
        sprintf(name, "rsa%u.pkcs8.pem", bits);
        load_private_key(name, &kept);
        for (kind = 0; kind < 2; kind++) {
            EXPECT(DAXSIGN_OK, daxsign_write_private_key(&kept, KINDS[kind], PEM, out,
                                                         DAXSIGN_KEY_FILE_LEN(bits), &len, &detail));
            CHECK(strlen(out) == len);
        }
    }
}

static void fill_names(void)
{
    const DaxsignNames fresh = DAXSIGN_NAMES_INIT;
    names = fresh;
    names.instance_id = daxsign_text("01234567-89AB-CDEF-0123-456789abcdef");
    names.partner_id = daxsign_text("7f8c2b1a-0000-4000-8000-00000000abcd");
    names.country = daxsign_text("SE");
    names.locality = daxsign_text("G\xc3\xb6teborg");
    names.organization = daxsign_text("Partner Name");
    names.unit = daxsign_text("IS/IT");
}

static DaxsignStatus request(uint32_t encoding)
{
    return daxsign_write_certificate_request(&key, &names, encoding, out, sizeof out, &len, &detail);
}

/* A key elsewhere, which is this one. */
static int32_t sign_elsewhere(void *context, const uint8_t *hash, uint8_t *signature, size_t length)
{
    DaxsignDigest digest;
    size_t written;
    memcpy(digest.bytes, hash, sizeof digest.bytes);
    return daxsign_sign_digest((const DaxsignPrivateKey *)context, &digest, signature, length,
                               &written, NULL);
}

static DaxsignSigner signer_for_key(void)
{
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    signer.modulus_bits = BITS;
    signer.sign_digest = sign_elsewhere;
    signer.context = &key;
    signer.public_key = &public_key;
    return signer;
}

static void write_requests(void)
{
    static char other[8192];
    const DaxsignSigner signer = signer_for_key();
    size_t other_len;
    fill_names();
    EXPECT(DAXSIGN_OK, request(DER));
    write_file("made.request.der");
    EXPECT(DAXSIGN_OK, request(PEM));
    CHECK(strlen(out) == len && len < DAXSIGN_REQUEST_LEN(BITS));
    write_file("made.request.pem");
    /* The same by a key elsewhere: the padding has no randomness in it. */
    EXPECT(DAXSIGN_OK, daxsign_write_certificate_request_with(&signer, &names, PEM, other,
                                                              sizeof other, &other_len, &detail));
    CHECK(other_len == len && memcmp(other, out, len) == 0);
}

/* The most that a request holds, and the longest texts. */
static void write_long_requests(void)
{
    static char place[512 + 1], owner[256 + 1];
    static DaxsignOtherName others[DAXSIGN_MAX_OTHER_NAMES];
    static DaxsignBytes dns_names[DAXSIGN_MAX_DNS_NAMES];
    size_t at;
    for (at = 0; at < 512; at += 4) {
        memcpy(place + at, "\xf0\x9f\x94\x91", 4);
    }
    memcpy(owner, place, 256);
    fill_names();
    names.environment = daxsign_text("stage");
    names.locality = daxsign_text(place);
    names.organization = daxsign_text(owner);
    names.unit = daxsign_text(owner);
    EXPECT(DAXSIGN_OK, request(PEM));
    CHECK(len < DAXSIGN_REQUEST_LEN(BITS) && len > DAXSIGN_REQUEST_LEN(BITS) - 200);
    write_file("made.longest.pem");
    fill_names();
    for (at = 0; at < DAXSIGN_MAX_OTHER_NAMES; at++) {
        others[at].oid = daxsign_text("2.5.4.5");
        others[at].value = daxsign_text("18505934000140");
    }
    for (at = 0; at < DAXSIGN_MAX_DNS_NAMES; at++) {
        dns_names[at] = daxsign_text("tpp1.demo.axway.com");
    }
    names.others = others;
    names.other_count = DAXSIGN_MAX_OTHER_NAMES;
    names.dns_names = dns_names;
    names.dns_name_count = DAXSIGN_MAX_DNS_NAMES;
    EXPECT(DAXSIGN_OK, request(PEM));
    write_file("made.other.pem");
}

/* The last call was refused so; the whole sentence, and what stands in the detail. */
static void told(int line, uint32_t problem, uint32_t position, uint64_t offset, const char *name,
                 const char *sentence)
{
    char message[512];
    size_t message_len;
    EXPECT(DAXSIGN_OK,
           daxsign_enrolling_message(&detail, message, sizeof message, &message_len));
    CHECK(message_len == strlen(message));
    if (detail.problem != problem || detail.position != position || detail.offset != offset ||
        strcmp(detail.name, name) != 0 || strcmp(message, sentence) != 0) {
        fprintf(stderr, "line %d: problem %u, position %u, offset %llu, name `%s`: %s\n", line,
                (unsigned)detail.problem, (unsigned)detail.position,
                (unsigned long long)detail.offset, detail.name, message);
        exit(1);
    }
    refused++;
}

#define FIELD(member, text, problem, offset, sentence) \
    do { \
        fill_names(); \
        names.member = daxsign_text(text); \
        memset(out, 'x', sizeof out); \
        EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(PEM)); \
        CHECK(len == 0 && all(out, sizeof out, 0)); \
        told(__LINE__, DAXSIGN_PROBLEM_FIELD_##problem, 0, offset, "names." #member, sentence); \
    } while (0)

static void refused_fields(void)
{
    FIELD(instance_id, "01234567-89AB-CDEF-0123_456789abcdef", NOT_A_GUID, 23,
          "the instance id cannot be used: it is no GUID at byte 23: write 32 hexadecimal digits as "
          "01234567-89ab-cdef-0123-456789abcdef, as it was given to you");
    FIELD(partner_id, "", NOT_A_GUID, 0,
          "the partner id cannot be used: it is no GUID at byte 0: write 32 hexadecimal digits as "
          "01234567-89ab-cdef-0123-456789abcdef, as it was given to you");
    FIELD(environment, "", NOT_A_DNS_NAME, 0,
          "the environment cannot be used: it is no DNS name at byte 0: write labels of at most 63 "
          "letters, digits and hyphens, with points between");
    FIELD(environment, "production", TOO_LONG, 0,
          "the common name (CN) cannot be used: it has 69 characters and 64 are allowed (RFC 5280): "
          "shorten it, or what it is made of");
    CHECK(detail.found == 69 && detail.needed == 64);
    FIELD(country, "se", NOT_A_COUNTRY, 0,
          "the country (C) cannot be used: it is not two capital letters: write the country's code "
          "of ISO 3166-1, such as SE");
    FIELD(locality, "G\xf6teborg", NOT_UTF8, 1,
          "the locality (L) cannot be used: it is not UTF-8 at byte 1: encode it as UTF-8");
    FIELD(organization, "", EMPTY, 0,
          "the organization (O) cannot be used: it is empty: give it a value");
    FIELD(unit, "IS\nIT", CONTROL_CHARACTER, 2,
          "the organizational unit (OU) cannot be used: there is a control character at byte 2: "
          "remove it");
}

/* In lists the entry is told, too. */
static void refused_entries(void)
{
    DaxsignOtherName others[2] = {
        { DAXSIGN_LITERAL("2.5.4.5"), DAXSIGN_LITERAL("18505934000140") },
        { DAXSIGN_LITERAL("2.5.4.5"), DAXSIGN_LITERAL("1850_59") },
    };
    DaxsignBytes dns_names[2] = { DAXSIGN_LITERAL("a.example"), DAXSIGN_LITERAL("b..example") };
    fill_names();
    names.others = others;
    names.other_count = 2;
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    told(__LINE__, DAXSIGN_PROBLEM_FIELD_NOT_PRINTABLE, 2, 4, "names.others",
         "entry 2: a name of the subject cannot be used: byte 4 is none of A-Z, a-z, 0-9, space and "
         "'()+,-./:=?, which are all that a PrintableString holds");
    others[1].oid = daxsign_text("2.5.4.6");
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    CHECK(detail.position == 2 && strcmp(detail.name, "names.others") == 0);
    others[1].oid = daxsign_text("serialNumber");
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    told(__LINE__, DAXSIGN_PROBLEM_FIELD_NOT_AN_OBJECT_IDENTIFIER, 2, 0, "names.others[].oid",
         "entry 2: the object identifier of a name cannot be used: it is not numbers with points "
         "between, such as 2.5.4.5, or too long");
    others[1].oid = daxsign_text("1.2.840.113549.1.9.1");
    others[1].value = daxsign_text("a\xc3\xb6");
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    told(__LINE__, DAXSIGN_PROBLEM_FIELD_NOT_ASCII, 2, 1, "names.others",
         "entry 2: a name of the subject cannot be used: byte 1 is not ASCII, which it must be");
    names.other_count = 0;
    names.dns_names = dns_names;
    names.dns_name_count = 2;
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    told(__LINE__, DAXSIGN_PROBLEM_FIELD_NOT_A_DNS_NAME, 2, 2, "names.dns_names",
         "entry 2: a DNS name of the subjectAltName cannot be used: it is no DNS name at byte 2: "
         "write labels of at most 63 letters, digits and hyphens, with points between");
}

static void refused_counts(void)
{
    DaxsignOtherName others[DAXSIGN_MAX_OTHER_NAMES + 1];
    DaxsignBytes dns_names[DAXSIGN_MAX_DNS_NAMES + 1];
    size_t at;
    for (at = 0; at <= DAXSIGN_MAX_OTHER_NAMES; at++) {
        others[at].oid = daxsign_text("2.5.4.5");
        others[at].value = daxsign_text("1");
    }
    for (at = 0; at <= DAXSIGN_MAX_DNS_NAMES; at++) {
        dns_names[at] = daxsign_text("a.example");
    }
    fill_names();
    names.others = others;
    names.other_count = DAXSIGN_MAX_OTHER_NAMES + 1;
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    told(__LINE__, DAXSIGN_PROBLEM_FIELD_TOO_MANY, 0, 0, "names.others",
         "a name of the subject cannot be used: a request holds at most 11 of them");
    names.other_count = 0;
    names.dns_names = dns_names;
    names.dns_name_count = DAXSIGN_MAX_DNS_NAMES + 1;
    EXPECT(DAXSIGN_ERR_INVALID_FIELD, request(DER));
    told(__LINE__, DAXSIGN_PROBLEM_FIELD_TOO_MANY, 0, 0, "names.dns_names",
         "a DNS name of the subjectAltName cannot be used: a request holds at most 6 of them");
}

static int32_t fail(void *context, uint8_t *bytes, size_t wanted)
{
    Device *device = (Device *)context;
    device->asked++;
    memset(bytes, (int)device->asked, wanted);
    if (device->asked < 4) {
        FILE *random = fopen("/dev/urandom", "rb");
        CHECK(random != NULL && fread(bytes, 1, wanted, random) == wanted);
        fclose(random);
        return 0;
    }
    return device->code;
}

static int32_t repeat(void *context, uint8_t *bytes, size_t wanted)
{
    (void)context;
    memset(bytes, 0xE7, wanted);
    return 0;
}

/* Numbers that are multiples of 3: the digits of each to the base 256 have such a sum, with the bits
 * that the library sets. */
static int32_t multiples_of_3(void *context, uint8_t *bytes, size_t wanted)
{
    Device *device = (Device *)context;
    unsigned sum = 0;
    size_t at;
    for (at = 0; at < wanted; at++) {
        device->state = device->state * 6364136223846793005u + 1442695040888963407u;
        bytes[at] = (uint8_t)(device->state >> 56);
    }
    bytes[0] |= 0xC0;
    bytes[wanted - 1] |= 1;
    bytes[1] = 0;
    for (at = 0; at < wanted; at++) {
        sum += bytes[at];
    }
    bytes[1] = (uint8_t)((3 - sum % 3) % 3);
    return 0;
}

static void refused_keys(void)
{
    static DaxsignPrivateKey other;
    Device device = { NULL, 1, 0, 0, -5 };
    EXPECT(DAXSIGN_ERR_KEY_SIZE,
           daxsign_generate_key(&other, sizeof other, 1024, repeat, NULL, NULL, &detail));
    CHECK(detail.found == 1024);
    told(__LINE__, 0, 0, 0, "bits",
         "no key of 1024 bits is made: ask for 2048, 3072 or 4096, and not more than this build can "
         "hold, 4096");
    memcpy(&other, &key, sizeof key);
    EXPECT(DAXSIGN_ERR_RANDOMNESS_FAILED,
           daxsign_generate_key(&other, sizeof other, BITS, fail, NULL, &device, &detail));
    CHECK(all(&other, sizeof other, 0) && device.asked == 4);
    CHECK(detail.found == (uint64_t)-5);
    told(__LINE__, 0, 0, 0, "random",
         "the source of randomness failed, so no key was made: see why it did, and try again "
         "(found: -5)");
    memcpy(&other, &key, sizeof key);
    EXPECT(DAXSIGN_ERR_RANDOMNESS_STUCK,
           daxsign_generate_key(&other, sizeof other, BITS, repeat, NULL, NULL, &detail));
    CHECK(all(&other, sizeof other, 0));
    told(__LINE__, 0, 0, 0, "random",
         "the source of randomness repeats itself: no key can be made with it; whatever else was "
         "made with it is to be replaced");
    memcpy(&other, &key, sizeof key);
    EXPECT(DAXSIGN_ERR_NO_PRIME, daxsign_generate_key(&other, sizeof other, BITS, multiples_of_3,
                                                      feed, &device, &detail));
    CHECK(all(&other, sizeof other, 0) && device.fed > 0);
    told(__LINE__, 0, 0, 0, "random",
         "no prime was found among as many numbers as may be tried: the source of randomness gives "
         "no random numbers");
}

static void refused_signers(void)
{
    static DaxsignPublicKey not_its;
    DaxsignSigner signer = signer_for_key();
    fill_names();
#define WITH(signer) \
    daxsign_write_certificate_request_with(&(signer), &names, PEM, out, sizeof out, &len, &detail)
    memset(out, 'x', sizeof out);
    signer.modulus_bits = 3072;
    EXPECT(DAXSIGN_ERR_INVALID_ARGUMENT, WITH(signer));
    CHECK(detail.found == 3072 && strcmp(detail.name, "signer.modulus_bits") == 0);
    CHECK(len == 0 && all(out, sizeof out, 0));
    signer = signer_for_key();
    signer.public_key = NULL;
    EXPECT(DAXSIGN_ERR_NULL_POINTER, WITH(signer));
    told(__LINE__, 0, 0, 0, "signer.public_key",
         "the argument `signer.public_key`: a pointer is NULL: only a length of 0 and what is "
         "documented as optional may come with NULL");
    /* A public key that is not the signer's. */
    load_public_key("rsa2048.spki.pem", &not_its);
    signer.public_key = &not_its;
    memset(out, 'x', sizeof out);
    EXPECT(DAXSIGN_ERR_SIGNING_FAULT, WITH(signer));
    CHECK(len == 0 && all(out, sizeof out, 0));
    signer = signer_for_key();
    signer.sign_digest = sign_with_ones;
    EXPECT(DAXSIGN_ERR_SIGNING_FAULT, WITH(signer));
}

int main(int count, char **arguments)
{
    start(count, arguments);
    make_key();
    write_key_files();
    room_for_key_files();
    write_requests();
    write_long_requests();
    refused_fields();
    refused_entries();
    refused_counts();
    refused_keys();
    refused_signers();
    EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&key));
    CHECK(all(&key, sizeof key, 0));
    printf("%u refused\n", refused);
    return 0;
}
