/* How much stack each function takes, on a thread whose stack was painted before, against the
 * bounds in the header. Prints a line for each class and key size. */
#define _XOPEN_SOURCE 700
#include "jobs.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#endif

enum { STACK_LEN = 256 * 1024, PAINT = 0xA7 };

/* `touched` says how many bytes of stack a thread has touched after a job. */
#ifdef _WIN32
/* A thread's own stack, whose lowest pages are for the system. */
static DWORD WINAPI run_painted(LPVOID argument)
{
    const Job *job = *(const Job **)argument;
    ULONG_PTR low, high;
    volatile unsigned char *bottom, *top, *at;
    /* Below it nothing is in use: Windows has no red zone. */
    __asm__ volatile("mov %%rsp, %0" : "=r"(top));
    GetCurrentThreadStackLimits(&low, &high);
    bottom = (volatile unsigned char *)low + STACK_LEN / 4;
    for (at = top; at > bottom; at--) {
        at[-1] = PAINT;
    }
    job->run();
    while (at < top && *at == PAINT) {
        at++;
    }
    CHECK(at > bottom);
    *(size_t *)argument = (size_t)(top - at);
    return 0;
}

static size_t touched(const Job *job)
{
    union {
        const Job *job;
        size_t touched;
    } argument;
    HANDLE thread;
    argument.job = job;
    thread = CreateThread(NULL, STACK_LEN, run_painted, &argument, STACK_SIZE_PARAM_IS_A_RESERVATION,
                          NULL);
    CHECK(thread != NULL);
    CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    CloseHandle(thread);
    return argument.touched;
}
#else
static void *run(void *job)
{
    ((const Job *)job)->run();
    return NULL;
}

static size_t touched(const Job *job)
{
    static union {
        unsigned char bytes[STACK_LEN];
        long double align;
    } stack __attribute__((aligned(4096)));
    pthread_attr_t attributes;
    pthread_t thread;
    Job copy = *job;
    size_t painted = 0;
    memset(stack.bytes, PAINT, STACK_LEN);
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstack(&attributes, stack.bytes, STACK_LEN) == 0);
    CHECK(pthread_create(&thread, &attributes, run, &copy) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
    while (painted < STACK_LEN && stack.bytes[painted] == PAINT) {
        painted++;
    }
    CHECK(painted > STACK_LEN / 4);
    return STACK_LEN - painted;
}
#endif

/* Whether the bound is for other processors than this: on x86-64 the header has one bound for those
 * with AVX-512 and those without. */
static int is_for_others(const char *class_name)
{
#if defined(__x86_64__)
    if (strcmp(class_name, "public") == 0 || strcmp(class_name, "sign") == 0 ||
        strcmp(class_name, "batch") == 0) {
        return !__builtin_cpu_supports("avx512ifma");
    }
#else
    (void)class_name;
#endif
    return 0;
}

/* The peak of a class is within its bound, and the bound no more than twice as large. */
static void measure(const char *class_name, const Job *jobs, size_t count, size_t bound)
{
    static const Job NOTHING = { "nothing", nothing };
    size_t empty = touched(&NOTHING), peak = 0, at;
    const char *worst = "";
    for (at = 0; at < count; at++) {
        size_t used = touched(&jobs[at]) - empty;
        if (status != DAXSIGN_OK) {
            fprintf(stderr, "%s: %s\n", jobs[at].name, daxsign_status_name(status));
        }
        CHECK(status == DAXSIGN_OK);
        if (used > peak) {
            peak = used;
            worst = jobs[at].name;
        }
    }
    printf("%s %u: %zu of %zu (%s)\n", class_name, (unsigned)bits, peak, bound, worst);
    if (peak > bound || (bound > 2 * peak && !is_for_others(class_name))) {
        fprintf(stderr, "%s %u: %zu bytes, the header says %zu (%s)\n", class_name, (unsigned)bits,
                peak, bound, worst);
        exit(1);
    }
}

#define MEASURE(name, jobs, bound) measure(name, jobs, sizeof jobs / sizeof jobs[0], bound);

int main(int count, char **arguments)
{
    start(count, arguments);
    for (bits = 2048; bits <= 4096; bits += 1024) {
        prepare();
        EACH_CLASS(MEASURE)
    }
    return 0;
}
