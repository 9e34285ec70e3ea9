using System;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace Daxsign
{
    /// <summary>A new pair of keys of RSA, made by this library in memory outside the managed heap.</summary>
    /// <remarks>Where a key can be made inside a store or an HSM and never leave it, prefer that:
    /// <see cref="DaxCertificateRequest"/> takes its key as an <see cref="IExternalSigner"/>.</remarks>
    public sealed unsafe class DaxKeyPair : IDisposable
    {
        private const uint Pem = 1;
        private const uint Der = 2;

        private DaxKeyPair(DaxPrivateKey privateKey, DaxPublicKey publicKey)
        {
            PrivateKey = privateKey;
            PublicKey = publicKey;
        }

        /// <summary>The private key. It goes with the pair.</summary>
        public DaxPrivateKey PrivateKey { get; }

        /// <summary>The public key. It goes with the pair.</summary>
        public DaxPublicKey PublicKey { get; }

        /// <summary>Makes a pair, with randomness of the platform: two random primes and the exponent 65537, after
        /// FIPS 186-5. How long it takes varies by chance.</summary>
        /// <param name="bits">2048, 3072 or 4096, and not more than the native library was built for.</param>
        /// <returns>The pair; dispose of it to overwrite it.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.KeySize"/>.</exception>
        public static DaxKeyPair Generate(int bits = 2048)
        {
            using (RandomNumberGenerator random = RandomNumberGenerator.Create())
            {
                return Generate(bits, random);
            }
        }

        /// <summary>The same with a generator of your own.</summary>
        /// <param name="bits">As above.</param>
        /// <param name="random">Must be good for keys. What it throws comes out as it is.</param>
        /// <returns>The pair; dispose of it to overwrite it.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.KeySize"/>,
        /// <see cref="DaxSignStatus.RandomnessStuck"/>, <see cref="DaxSignStatus.NoPrime"/>.</exception>
        public static DaxKeyPair Generate(int bits, RandomNumberGenerator random)
        {
            if (random == null)
            {
                throw new ArgumentNullException(nameof(random));
            }
            var storage = new Storage(Abi.PrivateKeySize);
            try
            {
                using (var callback = new RandomCallback(random))
                using (Storage.Loan loan = storage.Borrow())
                {
                    NativeDetail detail = NativeDetail.New();
                    int status = Native.daxsign_generate_key(
                        loan.Pointer, storage.NativeSize, bits < 0 ? 0 : (uint)bits, callback.Function, IntPtr.Zero,
                        callback.Context, &detail);
                    if (callback.Failure != null)
                    {
                        ExceptionDispatchInfo.Capture(callback.Failure).Throw();
                    }
                    DaxSignException.ThrowIfEnrollingFailed(status, &detail);
                }
                var key = new DaxPrivateKey(storage);
                return new DaxKeyPair(key, key.PublicKey());
            }
            catch
            {
                storage.Dispose();
                throw;
            }
        }

        /// <summary>The private key as a file in PEM.</summary>
        /// <param name="format">PKCS#8 unless a program wants the older PKCS#1.</param>
        /// <returns>The file's bytes, as secret as the key: overwrite them when they are stored.</returns>
        public byte[] ToPem(DaxKeyFormat format = DaxKeyFormat.Pkcs8)
        {
            return Written(format, Pem);
        }

        /// <summary>The private key as a file in DER.</summary>
        /// <param name="format">PKCS#8 unless a program wants the older PKCS#1.</param>
        /// <returns>The file's bytes, as secret as the key: overwrite them when they are stored.</returns>
        public byte[] ToDer(DaxKeyFormat format = DaxKeyFormat.Pkcs8)
        {
            return Written(format, Der);
        }

        /// <summary>Writes the private key to a new file, as PKCS#8 in PEM. On .NET 8 and Unix it is its owner's
        /// alone (0600); elsewhere who may read it is for the folder to say: keep it where nobody else reads.</summary>
        /// <param name="path">A file that does not exist.</param>
        /// <exception cref="IOException">There is one already: no key is overwritten. Or it could not be written
        /// whole, and is not left there.</exception>
        public void SaveFile(string path)
        {
            using (KeyFile file = Held(DaxKeyFormat.Pkcs8, Pem))
            {
                FileStream stream = Create(path);
                try
                {
                    using (stream)
                    {
                        stream.Write(file.Bytes, 0, file.Bytes.Length);
                        stream.Flush(true);
                    }
                }
                catch
                {
                    File.Delete(path);
                    throw;
                }
            }
        }

        private static FileStream Create(string path)
        {
#if NET8_0_OR_GREATER
            if (!OperatingSystem.IsWindows())
            {
                return new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Share = FileShare.None,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }
#endif
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        }

        /// <summary>Overwrites the private key with zeros, once no call uses it any more, and frees both.</summary>
        public void Dispose()
        {
            PrivateKey.Dispose();
            PublicKey.Dispose();
        }

        private byte[] Written(DaxKeyFormat format, uint encoding)
        {
            using (KeyFile file = Held(format, encoding))
            {
                return (byte[])file.Bytes.Clone();
            }
        }

        /// <summary>The file in memory that stays in its place until it is overwritten.</summary>
        private KeyFile Held(DaxKeyFormat format, uint encoding)
        {
            using (Storage.Loan loan = PrivateKey.Storage.Borrow())
            {
                // First its size, so that no piece of it is left in a buffer that was too small.
                NativeDetail detail = NativeDetail.New();
                UIntPtr length = UIntPtr.Zero;
                int status = Native.daxsign_write_private_key(
                    loan.Pointer, (uint)format, encoding, null, UIntPtr.Zero, &length, &detail);
                if (status != (int)DaxSignStatus.BufferTooSmall)
                {
                    DaxSignException.ThrowIfEnrollingFailed(status, &detail);
                }
                var file = new KeyFile(checked((int)length.ToUInt32()));
                try
                {
                    fixed (byte* start = file.Bytes)
                    {
                        DaxSignException.ThrowIfEnrollingFailed(
                            Native.daxsign_write_private_key(
                                loan.Pointer, (uint)format, encoding, start, length, &length, &detail),
                            &detail);
                    }
                    return file;
                }
                catch
                {
                    file.Dispose();
                    throw;
                }
            }
        }
    }
}
