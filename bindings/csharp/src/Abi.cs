using System;

namespace Daxsign
{
    /// <summary>Loads the native library and checks that it is the one this assembly was written for.</summary>
    internal static unsafe class Abi
    {
        /// <summary><c>DAXSIGN_ABI_VERSION</c> of the header that <see cref="Native"/> was written from.</summary>
        internal const uint Version = 1;

        // Sizes of the storage types for the largest modulus: enough for a library built for less, too.
        internal const int MaxModulusBits = 4096;
        internal const int Alignment = 8;
        internal const int PrivateKeySize = MaxModulusBits * 19 / 32 + 80;
        internal const int PublicKeySize = MaxModulusBits / 4 + 24;
        internal const int VerifyingStreamSize = 336;
        internal const int ReplayGuardSize = 64;
        internal const int ReplayEntrySize = 48;

        private static volatile bool _checked;

        /// <summary>Called before the first call of any other function.</summary>
        internal static void Ensure()
        {
            if (_checked)
            {
                return;
            }
            uint found;
            try
            {
                found = Native.daxsign_abi_version();
            }
            catch (DllNotFoundException error)
            {
                throw new DllNotFoundException(
                    "The native library `daxsign` was not found or cannot be loaded for this kind of process ("
                    + (IntPtr.Size * 8) + " bits). Put libdaxsign.so, libdaxsign.dll or libdaxsign.dylib beside the "
                    + "program, into the package's runtimes/<rid>/native, or on the system's library path.",
                    error);
            }
            catch (EntryPointNotFoundException error)
            {
                throw new DllNotFoundException(
                    "The library `daxsign` that was found is another one: it has no `daxsign_abi_version`.", error);
            }
            if (found != Version)
            {
                throw new DaxSignException(
                    DaxSignStatus.AbiMismatch,
                    "The native library `daxsign` " + Text.Of(Native.daxsign_version()) + " has interface version "
                    + found + ", this assembly was built for " + Version
                    + ": install the assembly and the native library of one release.");
            }
            _checked = true;
        }
    }
}
