/* For Wine 8, which has no such library: the one function of it that Rust's standard library calls. Windows
 * has it since 7. */
#include <windows.h>

#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T len)
{
    return RtlGenRandom(data, (ULONG)len);
}
