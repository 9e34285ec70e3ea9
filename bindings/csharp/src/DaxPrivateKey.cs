using System;

namespace Daxsign
{
    /// <summary>A private key of RSA in memory outside the managed heap, which is overwritten when the key is
    /// disposed of.</summary>
    /// <remarks>Any number of threads may sign with one key at once. Where the key need not be in this process,
    /// prefer <see cref="RsaSigner"/>.</remarks>
    public sealed class DaxPrivateKey : IDisposable
    {
        internal DaxPrivateKey(Storage storage)
        {
            Storage = storage;
        }

        internal Storage Storage { get; }

        /// <summary>Loads a key: PKCS#1 or PKCS#8, PEM or DER.</summary>
        /// <param name="file">The key file's bytes as they are; overwrite them when you need them no more.</param>
        /// <returns>The key; dispose of it to overwrite it.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.InvalidKey"/>,
        /// <see cref="DaxSignStatus.UnsupportedKey"/>, <see cref="DaxSignStatus.KeyTooSmall"/>.</exception>
        public static unsafe DaxPrivateKey Load(byte[] file)
        {
            if (file == null)
            {
                throw new ArgumentNullException(nameof(file));
            }
            var storage = new Storage(Abi.PrivateKeySize);
            try
            {
                NativeDetail detail = NativeDetail.New();
                using (Storage.Loan loan = storage.Borrow())
                {
                    fixed (byte* start = file)
                    {
                        DaxSignException.ThrowIfFailed(
                            Native.daxsign_private_key_load(
                                loan.Pointer, storage.NativeSize, start, (UIntPtr)(uint)file.Length, &detail),
                            &detail,
                            start,
                            file.Length);
                    }
                }
                return new DaxPrivateKey(storage);
            }
            catch
            {
                storage.Dispose();
                throw;
            }
        }

        /// <summary>Loads a key file; the copy read of it is overwritten.</summary>
        /// <param name="path">The file's path.</param>
        /// <returns>As <see cref="Load"/>.</returns>
        public static DaxPrivateKey LoadFile(string path)
        {
            using (KeyFile file = KeyFile.Read(path))
            {
                return Load(file.Bytes);
            }
        }

        /// <summary>Loads a key from a text in PEM. A string cannot be overwritten: prefer <see
        /// cref="Load"/>.</summary>
        /// <param name="pem">The text.</param>
        /// <returns>As <see cref="Load"/>.</returns>
        public static DaxPrivateKey FromPem(string pem)
        {
            using (KeyFile file = KeyFile.OfText(pem ?? throw new ArgumentNullException(nameof(pem))))
            {
                return Load(file.Bytes);
            }
        }

        /// <summary>The public half.</summary>
        /// <returns>A key of its own, to be disposed of by itself.</returns>
        public unsafe DaxPublicKey PublicKey()
        {
            using (Storage.Loan self = Storage.Borrow())
            {
                byte* from = self.Pointer;
                return DaxPublicKey.Make((to, size, detail) =>
                    Native.daxsign_private_key_public(from, to, size, detail));
            }
        }

        /// <summary>Overwrites the key with zeros, once no call uses it any more, and frees it.</summary>
        public void Dispose()
        {
            Storage.Dispose();
        }
    }
}
