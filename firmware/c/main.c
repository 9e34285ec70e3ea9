/* A door controller in C: it signs what a controller sends, and measures and checks every operation on
 * the way. `firmware/run` builds and runs it and reads its lines. */
#include "bench.h"
#include "board.h"

int main(void)
{
    size_t i;
    all_good = true;
    counter_start();
    if (!calibrated()) {
        board_print("the counter does not count instructions\n");
        return 2;
    }
    if (daxsign_abi_version() != DAXSIGN_ABI_VERSION ||
        daxsign_max_modulus_bits() != DAXSIGN_MAX_MODULUS_BITS) {
        board_print("the library is not the one that the program was compiled for\n");
        return 2;
    }
    for (i = 0; i < KEYS; i++) {
        loading(&key_files[i]);
        signing(&key_files[i]);
        watchdog(&key_files[i]);
        residues(&key_files[i]);
        vectors(&key_files[i]);
    }
    refusals();
    errors();
    return all_good ? 0 : 1;
}
