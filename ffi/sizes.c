/* What `ffi/sizes` links: LEVEL 0 signs nothing, 1 signs a request, 2 says what was wrong, too. */
#include <daxsign.h>
#include <stdio.h>

int main(void)
{
    static char file[8192];
    static char value[DAXSIGN_SIGNATURE_HEADER_LEN(DAXSIGN_MAX_MODULUS_BITS, 128) + 1];
    size_t len = fread(file, 1, sizeof file, stdin);
#if LEVEL > 0
    static DaxsignPrivateKey key;
    const DaxsignField fields[] = {
        { DAXSIGN_LITERAL("Host"), DAXSIGN_LITERAL("dax.amido.se") },
        { DAXSIGN_LITERAL("Date"), DAXSIGN_LITERAL("2020-05-17T14:44:30+02:00") },
    };
    DaxsignRequest request = DAXSIGN_REQUEST_INIT;
    DaxsignDetail *detail = NULL;
#if LEVEL > 1
    DaxsignDetail found = DAXSIGN_DETAIL_INIT;
    detail = &found;
#endif
    request.method = daxsign_text("GET");
    request.target = daxsign_text("/api/v2/DaxEndPoint");
    request.fields = fields;
    request.field_count = sizeof fields / sizeof fields[0];
    if (daxsign_private_key_load(&key, sizeof key, file, len, detail) != DAXSIGN_OK
        || daxsign_sign(&key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, value, sizeof value,
                        &len, detail) != DAXSIGN_OK) {
#if LEVEL > 1
        daxsign_detail_message(&found, value, sizeof value, &len);
        puts(value);
#endif
        return 1;
    }
#endif
    return puts(value) < 0 || len == 0;
}
