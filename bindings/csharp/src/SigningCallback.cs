using System;
using System.Runtime.InteropServices;

namespace Daxsign
{
    /// <summary>Leads the native library's call to an <see cref="IExternalSigner"/> and keeps what it throws: no
    /// exception crosses native code.</summary>
    internal sealed class SigningCallback : IDisposable
    {
        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate int SignDigest(IntPtr context, IntPtr digest, IntPtr signature, UIntPtr signatureLength);

        private const int Failed = 1;

        // Static, so that it is there as long as native code can call it.
        private static readonly SignDigest Entry = OnSignDigest;
        private static readonly IntPtr EntryPointer = Marshal.GetFunctionPointerForDelegate(Entry);

        private readonly IExternalSigner _signer;
        private GCHandle _self;

        internal SigningCallback(IExternalSigner signer)
        {
            _signer = signer;
            _self = GCHandle.Alloc(this);
        }

        /// <summary>What the signer threw; null if nothing.</summary>
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
            _self.Free();
        }

        private static int OnSignDigest(IntPtr context, IntPtr digest, IntPtr signature, UIntPtr signatureLength)
        {
            SigningCallback callback = null;
            try
            {
                callback = (SigningCallback)GCHandle.FromIntPtr(context).Target;
                var hash = new byte[NativeVerified.DigestSize];
                Marshal.Copy(digest, hash, 0, hash.Length);
                byte[] made = callback._signer.SignHash(hash);
                int needed = (int)signatureLength.ToUInt32();
                if (made == null || made.Length != needed)
                {
                    throw new InvalidOperationException(
                        "The external signer gave " + (made == null ? "null" : made.Length + " bytes") + " where a key "
                        + "of " + callback._signer.ModulusBits + " bits signs with " + needed + " bytes: check "
                        + "ModulusBits and SignHash.");
                }
                Marshal.Copy(made, 0, signature, made.Length);
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
