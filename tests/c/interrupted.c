/* A load that is left half-way, by a signal: what it had written is wiped as a whole key is. */
#define _GNU_SOURCE
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

static DaxsignPrivateKey key;
static sigjmp_buf back;
/* Not on the stack that the signal leaves. */
static File file;
static char *memory;
static size_t page, cut;
static unsigned written;

static void leave(int signal)
{
    (void)signal;
    siglongjmp(back, 1);
}

int main(int count, char **arguments)
{
    page = (size_t)sysconf(_SC_PAGESIZE);
    memory = (char *)mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0);
    CHECK(memory != MAP_FAILED);
    start(count, arguments);
    read_key_file("rsa4096.pkcs1.der", &file);
    CHECK(mprotect(memory + 2 * page, page, PROT_NONE) == 0);
    CHECK(file.len < 2 * page && signal(SIGSEGV, leave) != SIG_ERR);
    for (cut = 1; cut <= 8; cut++) {
        /* An eighth of the file after the other lies behind the end of what can be read. */
        size_t readable = file.len - file.len * cut / 9;
        char *at = memory + 2 * page - readable;
        memcpy(at, file.bytes, readable);
        memset(&key, 0, sizeof key);
        if (sigsetjmp(back, 1) == 0) {
            (void)daxsign_private_key_load(&key, sizeof key, at, file.len, NULL);
            CHECK(!"left half-way");
        }
        written += !all(&key, sizeof key, 0);
        EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&key));
        CHECK(all(&key, sizeof key, 0));
    }
    CHECK(written > 0);
    puts("all wiped");
    return 0;
}
