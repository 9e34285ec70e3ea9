/* Lets programs of .NET 8 catch more than one exception under Wine 8.
 *
 * While a thread handles an exception, Wine keeps a record of that on its stack, in the list that starts in the
 * thread's block. .NET leaves the handler without the function that would take the record out (RtlRestoreContext), and
 * Windows has no such list on x86-64. At the next exception Wine follows what the stack holds there by then.
 *
 * So the list is emptied before Wine reads it: for exceptions that .NET and its compiler throw, which nothing of
 * Wine's catches, and where what it begins with is no record. */
#include <windows.h>

#define OF_NET 0xe0434352
#define OF_ITS_COMPILER 0x02345678

static int is_code(const void *address) {
    HMODULE module;
    return GetModuleHandleExA(
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, address, &module);
}

static LONG CALLBACK forget(EXCEPTION_POINTERS *thrown) {
    DWORD code = thrown->ExceptionRecord->ExceptionCode;
    NT_TIB *thread = (NT_TIB *)NtCurrentTeb();
    struct _EXCEPTION_REGISTRATION_RECORD *none = (void *)~(DWORD64)0, *first = thread->ExceptionList;
    if (first != none
        && (code == OF_NET || code == OF_ITS_COMPILER || (DWORD64)first < thrown->ContextRecord->Rsp
            || !is_code((const void *)first->Handler))) {
        thread->ExceptionList = none;
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD why, LPVOID reserved) {
    (void)module;
    (void)reserved;
    return why != DLL_PROCESS_ATTACH || AddVectoredExceptionHandler(1, forget) != NULL;
}
