/* What a door controller sends. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <daxsign.h>

/* The time of the messages: 2020-05-17T12:44:30Z. */
#define NOW 1589719470

/* A message's fields, and room for the Signature. */
#define MESSAGE_FIELDS 4

typedef struct Message {
    const char *method, *target, *body;
    DaxsignField fields[MESSAGE_FIELDS + 1];
} Message;

/* A card was shown: POST with a JSON body. */
extern const Message CARD_EVENT;
/* The question for what belongs to a context: GET with the context as its body. */
extern const Message QUESTION;

/* The message as a request: to be signed, and as it is sent, with its Signature. */
DaxsignRequest unsigned_request(const Message *message);
DaxsignRequest signed_request(Message *message, const char *signature, size_t len);

/* Signs a message with the list that DAX prescribes for it. */
DaxsignStatus sign_message(const DaxsignPrivateKey *private_key, const Message *message,
                           uint32_t profile, char *out, size_t out_cap, size_t *out_len);

#endif
