using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Never the current folder: a library laid there by someone else must not be loaded.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

namespace Daxsign
{
    /// <summary>The functions of the C interface, as they stand in <c>daxsign.h</c>.</summary>
    /// <remarks>Everything passed is a number or a pointer, so nothing is marshalled and the two forms of
    /// declaration are called alike.</remarks>
    internal static unsafe partial class Native
    {
        // Not `daxsign`: on Windows its file would be `daxsign.dll`, and no folder has that beside `Daxsign.dll`.
        private const string Library = "libdaxsign";

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        uint daxsign_abi_version();

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        byte* daxsign_version();

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        byte* daxsign_status_name(int status);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        byte* daxsign_status_message(int status);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_detail_message(NativeDetail* about, byte* text, UIntPtr capacity, UIntPtr* length);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_key_file_message(
            NativeDetail* about, byte* file, UIntPtr fileLength, byte* text, UIntPtr capacity, UIntPtr* length);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_date_format(
            NativeTime* time, byte* text, UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_date_parse(byte* text, UIntPtr length, NativeTime* time, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_private_key_load(
            byte* key, UIntPtr keySize, byte* file, UIntPtr fileLength, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_private_key_public(
            byte* privateKey, byte* publicKey, UIntPtr publicKeySize, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_public_key_load(byte* key, UIntPtr keySize, byte* file, UIntPtr fileLength, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_certificate_load(
            byte* key, UIntPtr keySize, byte* file, UIntPtr fileLength, NativeTime* notBefore,
            NativeTime* notAfter, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_public_key_info(byte* key, NativeKeyInfo* info, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_public_key_modulus(
            byte* key, byte* modulus, UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_signing_string(
            NativeRequest* request, NativeBytes* components, NativeOptions* options, byte* text,
            UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_component_list(
            NativeRequest* request, NativeBytes* components, byte* text, UIntPtr capacity,
            UIntPtr* length, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_sign(
            byte* key, NativeRequest* request, NativeBytes* components, uint profile,
            NativeOptions* options, byte* text, UIntPtr capacity, UIntPtr* length,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_sign_with(
            NativeSigner* signer, NativeRequest* request, NativeBytes* components, uint profile,
            NativeOptions* options, byte* text, UIntPtr capacity, UIntPtr* length,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_verify(
            byte* key, NativeRequest* request, uint profile, NativeOptions* options, NativeTime* now,
            byte* guard, NativeVerified* verified, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_verifying_stream_start(
            byte* stream, UIntPtr streamSize, byte* key, NativeRequest* request, uint profile,
            NativeOptions* options, NativeTime* now, ulong bodyLength, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_verifying_stream_update(byte* stream, byte* piece, UIntPtr pieceLength, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_verifying_stream_finish(
            byte* stream, byte* guard, NativeVerified* verified, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_replay_guard_start(
            byte* guard, UIntPtr guardSize, byte* entries, UIntPtr count, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_replay_guard_count(byte* guard, UIntPtr* count, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_explain(
            byte* key, NativeRequest* request, NativeOptions* options, NativeExplanation* explanation,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_explanation_message(
            NativeExplanation* explanation, byte* text, UIntPtr capacity, UIntPtr* length,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_explanation_string(
            NativeExplanation* explanation, NativeRequest* request, NativeOptions* options, byte* text,
            UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_generate_key(
            byte* key, UIntPtr keySize, uint bits, IntPtr random, IntPtr progress, IntPtr context, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_write_private_key(
            byte* key, uint kind, uint encoding, byte* file, UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_write_certificate_request(
            byte* key, NativeNames* names, uint encoding, byte* file, UIntPtr capacity, UIntPtr* length,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_write_certificate_request_with(
            NativeSigner* signer, NativeNames* names, uint encoding, byte* file, UIntPtr capacity, UIntPtr* length,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_enrolling_message(NativeDetail* about, byte* text, UIntPtr capacity, UIntPtr* length);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_message_read(
            byte* message, UIntPtr length, NativeField* fields, UIntPtr places, NativeRequest* request,
            NativeDetail* detail);

#if NET7_0_OR_GREATER
        [LibraryImport(Library), UnmanagedCallConv(CallConvs = new[] { typeof(CallConvCdecl) })]
        internal static partial
#else
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        internal static extern
#endif
        int daxsign_reading_message(NativeDetail* about, byte* text, UIntPtr capacity, UIntPtr* length);
    }
}
