/* One key in several threads at the same time. */
#include "check.h"
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 10 };

static DaxsignPrivateKey private_key;
static DaxsignPublicKey public_key;
static char expected[VALUE_CAP];
static size_t expected_len;

typedef struct Worker {
    pthread_t thread;
    int done;
} Worker;

static void request_with(DaxsignField fields[4], DaxsignRequest *request)
{
    DaxsignRequest fresh = DAXSIGN_REQUEST_INIT;
    fields[0] = field("Content-Length", "2");
    fields[1] = field("Date", "2020-05-17T12:44:30Z");
    fresh.method = daxsign_text("PUT");
    fresh.target = daxsign_text("/threads");
    fresh.fields = fields;
    fresh.field_count = 2;
    fresh.body = daxsign_text("{}");
    *request = fresh;
}

static void *work(void *argument)
{
    Worker *worker = (Worker *)argument;
    static const DaxsignTime NOW = { 1589719470, 0 };
    int round;
    for (round = 0; round < ROUNDS; round++) {
        DaxsignField fields[4];
        DaxsignRequest request;
        DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
        char value[VALUE_CAP];
        size_t len;
        request_with(fields, &request);
        EXPECT(DAXSIGN_OK, daxsign_sign(&private_key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED,
                                        NULL, value, sizeof value, &len, &detail));
        CHECK(len == expected_len && memcmp(value, expected, len) == 0);
        fields[2] = field("Signature", value);
        request.field_count = 3;
        EXPECT(DAXSIGN_OK, daxsign_verify(&public_key, &request, DAXSIGN_PROFILE_DOCUMENTED, NULL,
                                          &NOW, NULL, NULL, &detail));
        worker->done++;
    }
    return NULL;
}

int main(int count, char **arguments)
{
    Worker workers[THREADS];
    DaxsignField fields[4];
    DaxsignRequest request;
    int at, done = 0;
    start(count, arguments);
    load_private_key("rsa2048.pkcs1.der", &private_key);
    load_public_key("rsa2048.public-pkcs1.pem", &public_key);
    request_with(fields, &request);
    EXPECT(DAXSIGN_OK, daxsign_sign(&private_key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL,
                                    expected, sizeof expected, &expected_len, NULL));
    for (at = 0; at < THREADS; at++) {
        workers[at].done = 0;
        CHECK(pthread_create(&workers[at].thread, NULL, work, &workers[at]) == 0);
    }
    for (at = 0; at < THREADS; at++) {
        CHECK(pthread_join(workers[at].thread, NULL) == 0);
        done += workers[at].done;
    }
    printf("%d signed and verified\n", done);
    return 0;
}
