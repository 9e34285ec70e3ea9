/* Whether each call keeps the registers that a function has to keep on Windows: the general ones RBX, RBP,
 * RDI, RSI and R12 to R15, and XMM6 to XMM15, which it need not keep elsewhere. All of them hold marks
 * while a function is called. */
#include "jobs.h"

/* Calls it; returns a bit for each register that has changed: XMM6 is bit 0, RBX bit 10. */
uint32_t changed_by(void (*call)(void));

/* Ten marks for vectors, then eight for the general registers. */
const uint64_t marks[28] = {
    0x1111111111111101, 0x2111111111111101, 0x1111111111111102, 0x2111111111111102,
    0x1111111111111103, 0x2111111111111103, 0x1111111111111104, 0x2111111111111104,
    0x1111111111111105, 0x2111111111111105, 0x1111111111111106, 0x2111111111111106,
    0x1111111111111107, 0x2111111111111107, 0x1111111111111108, 0x2111111111111108,
    0x1111111111111109, 0x2111111111111109, 0x111111111111110A, 0x211111111111110A,
    0x3111111111111101, 0x3111111111111102, 0x3111111111111103, 0x3111111111111104,
    0x3111111111111105, 0x3111111111111106, 0x3111111111111107, 0x3111111111111108,
};

static const char *const NAMES[18] = {
    "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
    "rbx", "rbp", "rdi", "rsi", "r12", "r13", "r14", "r15",
};

__asm__(".intel_syntax noprefix\n"
        ".macro general what\n"
        ".set at, 160\n"
        ".irp name, rbx, rbp, rdi, rsi, r12, r13, r14, r15\n"
        "\\what \\name\n"
        ".set at, at + 8\n"
        ".endr\n"
        ".endm\n"
        ".macro push_it name\n"
        "push \\name\n"
        ".endm\n"
        ".macro mark name\n"
        "mov \\name, [rip + marks + at]\n"
        ".endm\n"
        ".macro compare name\n"
        "xor edx, edx\n"
        "cmp \\name, [rip + marks + at]\n"
        "setne dl\n"
        "shl edx, (at - 160) / 8 + 10\n"
        "or eax, edx\n"
        ".endm\n"
        ".globl changed_by\n"
        "changed_by:\n"
        "general push_it\n"
        /* Ten vectors over the room for the callee's arguments; RSP is then a multiple of 16. */
        "sub rsp, 200\n"
        ".irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
        "movups [rsp + 32 + 16 * (\\n - 6)], xmm\\n\n"
        "movups xmm\\n, [rip + marks + 16 * (\\n - 6)]\n"
        ".endr\n"
        "general mark\n"
        "call rcx\n"
        "xor eax, eax\n"
        "general compare\n"
        ".irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
        "movups xmm0, [rip + marks + 16 * (\\n - 6)]\n"
        "pcmpeqb xmm0, xmm\\n\n"
        "pmovmskb ecx, xmm0\n"
        "xor edx, edx\n"
        "cmp ecx, 65535\n"
        "setne dl\n"
        "shl edx, \\n - 6\n"
        "or eax, edx\n"
        "movups xmm\\n, [rsp + 32 + 16 * (\\n - 6)]\n"
        ".endr\n"
        "add rsp, 200\n"
        ".irp name, r15, r14, r13, r12, rsi, rdi, rbp, rbx\n"
        "pop \\name\n"
        ".endr\n"
        "ret\n"
        ".att_syntax\n");

/* What a function made for other systems may do, one register after the other. */
#define SPOILS(name, instruction) \
    void name(void); \
    __asm__(#name ":\n" instruction "\nret\n")
SPOILS(spoils_xmm6, "pxor %xmm6, %xmm6");
SPOILS(spoils_xmm9, "pxor %xmm9, %xmm9");
SPOILS(spoils_xmm15, "movhlps %xmm0, %xmm15\npxor %xmm15, %xmm15");
SPOILS(spoils_rdi, "xor %edi, %edi");
SPOILS(spoils_rsi, "inc %rsi");
SPOILS(spoils_r15, "dec %r15");

static void expect(const char *call, uint32_t expected, uint32_t changed)
{
    unsigned at;
    if (changed != expected) {
        fprintf(stderr, "%s changed:", call);
        for (at = 0; at < 18; at++) {
            if ((changed >> at & 1) != 0) {
                fprintf(stderr, " %s", NAMES[at]);
            }
        }
        fprintf(stderr, "\n");
        exit(1);
    }
}

static unsigned calls;

static void all_keep(const Job *jobs, size_t count)
{
    size_t at;
    for (at = 0; at < count; at++) {
        expect(jobs[at].name, 0, changed_by(jobs[at].run));
        expect_status(__FILE__, __LINE__, jobs[at].name, DAXSIGN_OK, status);
        calls++;
    }
}

/* The certificates are made with the usual keys. */
#define ALL_KEEP(name, jobs, bound) \
    if (at == 0 || strcmp(name, "certificate") != 0) { \
        all_keep(jobs, sizeof jobs / sizeof jobs[0]); \
    }

int main(int count, char **arguments)
{
    static const char *const FAMILIES[] = { "rsa", "uneven" };
    size_t at;
    start(count, arguments);
    /* That a change would be seen. */
    expect("nothing", 0, changed_by(nothing));
    expect("spoils_xmm6", 1u << 0, changed_by(spoils_xmm6));
    expect("spoils_xmm9", 1u << 3, changed_by(spoils_xmm9));
    expect("spoils_xmm15", 1u << 9, changed_by(spoils_xmm15));
    expect("spoils_rdi", 1u << 12, changed_by(spoils_rdi));
    expect("spoils_rsi", 1u << 13, changed_by(spoils_rsi));
    expect("spoils_r15", 1u << 17, changed_by(spoils_r15));
    for (at = 0; at < 2; at++) {
        family = FAMILIES[at];
        for (bits = 2048; bits <= 4096; bits += 1024) {
            prepare();
            EACH_CLASS(ALL_KEEP)
        }
    }
    printf("%u calls keep all registers\n", calls);
    return 0;
}
