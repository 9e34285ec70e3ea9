/* What the test programs share: checks that end the program, and files. */
#ifndef CHECK_H
#define CHECK_H

#include <daxsign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program if `condition` does not hold. */
#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

/* Ends the program if a call gives another status. */
#define EXPECT(status, call) expect_status(__FILE__, __LINE__, #call, (status), (call))

static inline void expect_status(const char *file, int line, const char *call, int32_t expected,
                                 int32_t found)
{
    if (expected != found) {
        fprintf(stderr, "%s:%d: %s gave %s, expected %s\n", file, line, call,
                daxsign_status_name(found), daxsign_status_name(expected));
        exit(1);
    }
}

/* Whether two pieces of memory are the same. */
static inline int same(DaxsignBytes expected, const void *data, size_t len)
{
    return expected.len == len && (len == 0 || memcmp(expected.data, data, len) == 0);
}

/* Whether `len` bytes all have one value. */
static inline int all(const void *data, size_t len, int value)
{
    const unsigned char *bytes = (const unsigned char *)data;
    size_t at;
    for (at = 0; at < len; at++) {
        if (bytes[at] != value) {
            return 0;
        }
    }
    return 1;
}

/* The folder with the keys: the program's argument. */
static const char *key_folder;

static inline void start(int count, char **arguments)
{
    CHECK(count == 2);
    key_folder = arguments[1];
    CHECK(daxsign_abi_version() == DAXSIGN_ABI_VERSION);
    CHECK(daxsign_max_modulus_bits() == DAXSIGN_MAX_MODULUS_BITS);
}

typedef struct File {
    char bytes[8192];
    size_t len;
} File;

/* Reads a key file. */
static inline void read_key_file(const char *name, File *file)
{
    char path[256];
    FILE *stream;
    CHECK(strlen(key_folder) + strlen(name) + 2 <= sizeof path);
    sprintf(path, "%s/%s", key_folder, name);
    stream = fopen(path, "rb");
    CHECK(stream != NULL);
    file->len = fread(file->bytes, 1, sizeof file->bytes, stream);
    CHECK(file->len > 0 && file->len < sizeof file->bytes);
    fclose(stream);
}

static inline void load_private_key(const char *name, DaxsignPrivateKey *key)
{
    File file;
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    read_key_file(name, &file);
    EXPECT(DAXSIGN_OK, daxsign_private_key_load(key, sizeof *key, file.bytes, file.len, &detail));
}

static inline void load_public_key(const char *name, DaxsignPublicKey *key)
{
    File file;
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    read_key_file(name, &file);
    EXPECT(DAXSIGN_OK, daxsign_public_key_load(key, sizeof *key, file.bytes, file.len, &detail));
}

/* A field of two C strings. */
static inline DaxsignField field(const char *name, const char *value)
{
    DaxsignField made;
    made.name = daxsign_text(name);
    made.value = daxsign_text(value);
    return made;
}

/* The request that most programs sign, in three fields; a Signature goes behind them. */
static inline void fill_request(DaxsignField *fields, DaxsignRequest *request)
{
    fields[0] = field("Host", "dax.amido.se");
    fields[1] = field("Content-Length", "18");
    fields[2] = field("Date", "2020-05-17T14:44:30+02:00");
    request->method = daxsign_text("POST");
    request->target = daxsign_text("/api/v2/DaxEndPoint");
    request->fields = fields;
    request->field_count = 3;
    request->body = daxsign_text("{\"hello\": \"world\"}");
}

/* A signer elsewhere, whose signatures are all ones. */
static inline int32_t sign_with_ones(void *context, const uint8_t *hash, uint8_t *signature,
                                     size_t length)
{
    (void)context, (void)hash;
    memset(signature, 1, length);
    return 0;
}

/* The room for one Signature value of any key, with a list of up to 512 bytes, and a NUL. */
#define VALUE_CAP (DAXSIGN_SIGNATURE_HEADER_LEN(4096, 512) + 1)

#endif
