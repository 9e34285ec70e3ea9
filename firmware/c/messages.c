#include "messages.h"

#define HOST { DAXSIGN_LITERAL("Host"), DAXSIGN_LITERAL("dax.amido.se") }
#define CONTENT_TYPE { DAXSIGN_LITERAL("Content-Type"), DAXSIGN_LITERAL("application/json") }
#define CONTENT_LENGTH(digits) { DAXSIGN_LITERAL("Content-Length"), DAXSIGN_LITERAL(digits) }
#define DATE { DAXSIGN_LITERAL("Date"), DAXSIGN_LITERAL("2020-05-17T14:44:30+02:00") }
#define NO_FIELD { { NULL, 0 }, { NULL, 0 } }

const Message CARD_EVENT = {
    "POST",
    "/api/v2/DaxEndPoint",
    "{\"event\":\"card\",\"door\":17,\"card\":\"04A2246B5C6180\",\"at\":\"2020-05-17T14:44:30\"}",
    { HOST, CONTENT_TYPE, CONTENT_LENGTH("77"), DATE, NO_FIELD },
};

const Message QUESTION = {
    "GET",
    "/api/v2/DaxEndPoint?kind=cards",
    "{\"context\":{\"door\":17,\"revision\":12}}",
    { HOST, CONTENT_TYPE, CONTENT_LENGTH("37"), DATE, NO_FIELD },
};

DaxsignRequest unsigned_request(const Message *message)
{
    DaxsignRequest request = DAXSIGN_REQUEST_INIT;
    request.method = daxsign_text(message->method);
    request.target = daxsign_text(message->target);
    request.fields = message->fields;
    request.field_count = MESSAGE_FIELDS;
    request.body = daxsign_text(message->body);
    return request;
}

DaxsignRequest signed_request(Message *message, const char *signature, size_t len)
{
    DaxsignRequest request = unsigned_request(message);
    message->fields[MESSAGE_FIELDS].name = daxsign_text("Signature");
    message->fields[MESSAGE_FIELDS].value = daxsign_bytes(signature, len);
    request.field_count++;
    return request;
}

DaxsignStatus sign_message(const DaxsignPrivateKey *private_key, const Message *message,
                           uint32_t profile, char *out, size_t out_cap, size_t *out_len)
{
    const DaxsignRequest request = unsigned_request(message);
    return daxsign_sign(private_key, &request, NULL, profile, NULL, out, out_cap, out_len, NULL);
}
