/* A board for docs/c-firmware.md: its clock stands, its network is standard input, where a line with its length
   stands before each message, and standard output; its flash is a file, its lock standard error. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int64_t board_seconds(void);
void board_send(const void *bytes, size_t len);
bool board_random(uint8_t *bytes, size_t len);
void board_feed_watchdog(void);
bool board_store(const void *bytes, size_t len);
size_t board_receive(void *bytes, size_t cap);
void board_end(void);
bool board_unlock(void);

int64_t board_seconds(void)
{
    return 1589719470; /* 2020-05-17T12:44:30Z */
}

void board_send(const void *bytes, size_t len)
{
    fwrite(bytes, 1, len, stdout);
}

bool board_random(uint8_t *bytes, size_t len)
{
    FILE *source = fopen("/dev/urandom", "rb");
    const bool good = source != NULL && fread(bytes, 1, len, source) == len;
    if (source != NULL) {
        fclose(source);
    }
    return good;
}

void board_feed_watchdog(void)
{
}

bool board_store(const void *bytes, size_t len)
{
    FILE *flash = fopen("flash", "wb");
    const bool good = flash != NULL && fwrite(bytes, 1, len, flash) == len;
    return flash != NULL && fclose(flash) == 0 && good;
}

size_t board_receive(void *bytes, size_t cap)
{
    size_t len;
    if (scanf("%zu", &len) != 1 || getchar() != '\n' || len > cap || fread(bytes, 1, len, stdin) != len) {
        return 0;
    }
    return len;
}

void board_end(void)
{
    fputs("\n-- end\n", stdout);
}

bool board_unlock(void)
{
    fputs("unlocked\n", stderr);
    return true;
}
