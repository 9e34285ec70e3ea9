/* A board for docs/c-firmware.md: its clock stands, its network is standard output, its flash a file. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

int64_t board_seconds(void);
void board_send(const void *bytes, size_t len);
bool board_random(uint8_t *bytes, size_t len);
void board_feed_watchdog(void);
bool board_store(const void *bytes, size_t len);

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
