using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Daxsign
{
    /// <summary>Leads the native library's calls for randomness to the platform's, and keeps what it throws: no
    /// exception crosses native code.</summary>
    internal sealed class RandomCallback : IDisposable
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int Fill(IntPtr context, IntPtr bytes, UIntPtr length);

        private const int Failed = 1;

        // Static, so that it is there as long as native code can call it.
        private static readonly Fill Entry = OnFill;
        private static readonly IntPtr EntryPointer = Marshal.GetFunctionPointerForDelegate(Entry);

        private readonly RandomNumberGenerator _random;
        private readonly byte[] _bytes = new byte[32];
        private GCHandle _held;
        private GCHandle _self;

        internal RandomCallback(RandomNumberGenerator random)
        {
            _random = random;
            _held = GCHandle.Alloc(_bytes, GCHandleType.Pinned);
            _self = GCHandle.Alloc(this);
        }

        /// <summary>What the generator threw; null if nothing.</summary>
        internal Exception Failure { get; private set; }

        internal IntPtr Context
        {
            get { return GCHandle.ToIntPtr(_self); }
        }

        internal IntPtr Function
        {
            get { return EntryPointer; }
        }

        public void Dispose()
        {
            Array.Clear(_bytes, 0, _bytes.Length);
            _held.Free();
            _self.Free();
        }

        private static int OnFill(IntPtr context, IntPtr bytes, UIntPtr length)
        {
            RandomCallback callback = null;
            try
            {
                callback = (RandomCallback)GCHandle.FromIntPtr(context).Target;
                int left = checked((int)length.ToUInt32());
                for (int at = 0; at < left; at += callback._bytes.Length)
                {
                    callback._random.GetBytes(callback._bytes);
                    Marshal.Copy(
                        callback._bytes, 0, IntPtr.Add(bytes, at), Math.Min(callback._bytes.Length, left - at));
                }
                return 0;
            }
            catch (Exception error)
            {
                if (callback != null)
                {
                    callback.Failure = error;
                }
                return Failed;
            }
        }
    }
}
