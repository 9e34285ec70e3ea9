/* Signs and verifies. With the header alone, so that it compiles for Microsoft's interface without
 * Microsoft's own headers. */
#include <daxsign.h>

int printf(const char *format, ...);
void *fopen(const char *path, const char *mode);
size_t fread(void *out, size_t size, size_t count, void *file);
/* Microsoft's linker wants it of what computes with fractions, which nothing here does. */
int _fltused = 0;

static DaxsignPrivateKey private_key;
static DaxsignPublicKey public_key;
static DaxsignField fields[4];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static char file[8192], value[DAXSIGN_SIGNATURE_HEADER_LEN(4096, 512) + 1];

static int failed(const char *what, DaxsignStatus status)
{
    printf("%s: %s\n", what, daxsign_status_name(status));
    return 1;
}

int main(void)
{
    static const DaxsignTime NOW = { 1589719470, 0 };
    void *stream = fopen("keys/rsa4096.pkcs8.pem", "rb");
    size_t len = stream == NULL ? 0 : fread(file, 1, sizeof file, stream);
    DaxsignStatus status =
        daxsign_private_key_load(&private_key, sizeof private_key, file, len, &detail);
    if (status != DAXSIGN_OK) {
        return failed("load", status);
    }
    status = daxsign_private_key_public(&private_key, &public_key, sizeof public_key, &detail);
    if (status != DAXSIGN_OK) {
        return failed("public", status);
    }
    fields[0].name = daxsign_text("Host");
    fields[0].value = daxsign_text("dax.amido.se");
    fields[1].name = daxsign_text("Content-Length");
    fields[1].value = daxsign_text("2");
    fields[2].name = daxsign_text("Date");
    fields[2].value = daxsign_text("2020-05-17T12:44:30Z");
    request.method = daxsign_text("PUT");
    request.target = daxsign_text("/linkers");
    request.fields = fields;
    request.field_count = 3;
    request.body = daxsign_text("{}");
    status = daxsign_sign(&private_key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, value,
                          sizeof value, &len, &detail);
    if (status != DAXSIGN_OK) {
        return failed("sign", status);
    }
    fields[3].name = daxsign_text("Signature");
    fields[3].value = daxsign_bytes(value, len);
    request.field_count = 4;
    status = daxsign_verify(&public_key, &request, DAXSIGN_PROFILE_DOCUMENTED, NULL, &NOW, NULL,
                            NULL, &detail);
    if (status != DAXSIGN_OK) {
        return failed("verify", status);
    }
    value[len] = '\0';
    printf("%s\n", value);
    return 0;
}
