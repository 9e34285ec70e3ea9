/* Signs one request with the key file that is named and prints the value of its Signature field. */
#include <daxsign.h>
#include <stdio.h>

static int explained(DaxsignStatus status, const DaxsignDetail *detail)
{
    char message[512];
    size_t len;
    daxsign_detail_message(detail, message, sizeof message, &len);
    fprintf(stderr, "%s: %s\n", daxsign_status_name(status), message);
    return 1;
}

int main(int argc, char **argv)
{
    static char file[8192];
    static DaxsignPrivateKey key;
    static char value[DAXSIGN_SIGNATURE_HEADER_LEN(DAXSIGN_MAX_MODULUS_BITS, 128) + 1];
    const DaxsignField fields[] = {
        { DAXSIGN_LITERAL("Host"), DAXSIGN_LITERAL("dax.amido.se") },
        { DAXSIGN_LITERAL("Content-Length"), DAXSIGN_LITERAL("18") },
        { DAXSIGN_LITERAL("Date"), DAXSIGN_LITERAL("2020-05-17T14:44:30+02:00") },
    };
    DaxsignRequest request = DAXSIGN_REQUEST_INIT;
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignStatus status;
    size_t file_len, value_len;
    FILE *input = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (input == NULL) {
        fprintf(stderr, "usage: sign KEY\n");
        return 2;
    }
    file_len = fread(file, 1, sizeof file, input);
    fclose(input);
    status = daxsign_private_key_load(&key, sizeof key, file, file_len, &detail);
    daxsign_wipe(file, sizeof file);
    if (status != DAXSIGN_OK) {
        return explained(status, &detail);
    }
    request.method = daxsign_text("POST");
    request.target = daxsign_text("/api/v2/DaxEndPoint");
    request.fields = fields;
    request.field_count = sizeof fields / sizeof fields[0];
    request.body = daxsign_text("{\"hello\": \"world\"}");
    status = daxsign_sign(&key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, value,
                          sizeof value, &value_len, &detail);
    daxsign_private_key_wipe(&key);
    if (status != DAXSIGN_OK) {
        return explained(status, &detail);
    }
    printf("%s\n", value);
    return 0;
}
