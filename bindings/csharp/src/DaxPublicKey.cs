using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Daxsign
{
    /// <summary>A public key of RSA.</summary>
    /// <remarks>Any number of threads may use one key at once.</remarks>
    public sealed unsafe class DaxPublicKey : IDisposable
    {
        private DaxPublicKey(Storage storage)
        {
            Storage = storage;
            var info = new NativeKeyInfo { StructSize = (uint)sizeof(NativeKeyInfo) };
            NativeDetail detail = NativeDetail.New();
            using (Storage.Loan loan = storage.Borrow())
            {
                DaxSignException.ThrowIfFailed(
                    Native.daxsign_public_key_info(loan.Pointer, &info, &detail), &detail);
            }
            ModulusBits = (int)info.ModulusBits;
            Exponent = info.Exponent;
        }

        internal delegate int Writer(byte* storage, UIntPtr size, NativeDetail* detail);

        internal Storage Storage { get; }

        /// <summary>The modulus's size in bits.</summary>
        public int ModulusBits { get; }

        /// <summary>The public exponent.</summary>
        public long Exponent { get; }

        /// <summary>From when the certificate that the key came in is valid; null for a bare key. Neither this nor
        /// who signed the certificate was judged: compare with your clock and with the ones you trust.</summary>
        public DateTimeOffset? NotBefore { get; private set; }

        /// <summary>Until when that certificate is valid; null for a bare key.</summary>
        public DateTimeOffset? NotAfter { get; private set; }

        /// <summary>Loads a key: SPKI, PKCS#1 or an X.509 certificate, PEM or DER.</summary>
        /// <param name="file">The file's bytes as they are.</param>
        /// <returns>The key.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.InvalidKey"/>,
        /// <see cref="DaxSignStatus.UnsupportedKey"/>, <see cref="DaxSignStatus.KeyTooSmall"/>.</exception>
        public static DaxPublicKey Load(byte[] file)
        {
            if (file == null)
            {
                throw new ArgumentNullException(nameof(file));
            }
            fixed (byte* start = file)
            {
                byte* from = start;
                return Make(
                    (to, size, detail) =>
                        Native.daxsign_public_key_load(to, size, from, (UIntPtr)(uint)file.Length, detail),
                    from,
                    file.Length);
            }
        }

        /// <summary>Loads a key file.</summary>
        /// <param name="path">The file's path.</param>
        /// <returns>As <see cref="Load"/>.</returns>
        public static DaxPublicKey LoadFile(string path)
        {
            using (KeyFile file = KeyFile.Read(path))
            {
                return Load(file.Bytes);
            }
        }

        /// <summary>Loads a key from a text in PEM.</summary>
        /// <param name="pem">The text.</param>
        /// <returns>As <see cref="Load"/>.</returns>
        public static DaxPublicKey FromPem(string pem)
        {
            return Load(Text.Bytes(pem ?? throw new ArgumentNullException(nameof(pem))));
        }

        /// <summary>Loads the key of a certificate, with the time in which it is valid.</summary>
        /// <param name="file">The certificate, PEM or DER.</param>
        /// <returns>The key.</returns>
        /// <exception cref="DaxSignException">As <see cref="Load"/>.</exception>
        public static DaxPublicKey FromCertificate(byte[] file)
        {
            if (file == null)
            {
                throw new ArgumentNullException(nameof(file));
            }
            var times = new NativeTime[2];
            fixed (byte* start = file)
            fixed (NativeTime* time = times)
            {
                byte* from = start;
                NativeTime* notBefore = time;
                DaxPublicKey key = Make(
                    (to, size, detail) => Native.daxsign_certificate_load(
                        to, size, from, (UIntPtr)(uint)file.Length, notBefore, notBefore + 1, detail),
                    from,
                    file.Length);
                key.NotBefore = DaxDate.FromNative(times[0]);
                key.NotAfter = DaxDate.FromNative(times[1]);
                return key;
            }
        }

        /// <summary>Loads the key of a certificate, with the time in which it is valid.</summary>
        /// <param name="certificate">The certificate.</param>
        /// <returns>The key.</returns>
        /// <exception cref="DaxSignException">As <see cref="Load"/>.</exception>
        public static DaxPublicKey FromCertificate(X509Certificate2 certificate)
        {
            if (certificate == null)
            {
                throw new ArgumentNullException(nameof(certificate));
            }
            return FromCertificate(certificate.RawData);
        }

        /// <summary>Takes the public half of a key that the platform holds.</summary>
        /// <param name="rsa">The key; only its modulus and exponent are read.</param>
        /// <returns>The key.</returns>
        /// <exception cref="DaxSignException">As <see cref="Load"/>.</exception>
        public static DaxPublicKey FromRsa(RSA rsa)
        {
            if (rsa == null)
            {
                throw new ArgumentNullException(nameof(rsa));
            }
            RSAParameters numbers = rsa.ExportParameters(false);
            return Load(Der.PublicKey(numbers.Modulus, numbers.Exponent));
        }

        /// <summary>The modulus's bytes, big-endian, as many as a signature has.</summary>
        /// <returns>A copy.</returns>
        public byte[] Modulus()
        {
            using (Storage.Loan loan = Storage.Borrow())
            {
                byte* self = loan.Pointer;
                return Output.Collect((ModulusBits + 7) / 8, (buffer, capacity, length, detail) =>
                    Native.daxsign_public_key_modulus(self, buffer, capacity, length, detail));
            }
        }

        /// <summary>Frees the key, once no call uses it any more.</summary>
        public void Dispose()
        {
            Storage.Dispose();
        }

        internal static DaxPublicKey Make(Writer writer, byte* file = null, int fileLength = -1)
        {
            var storage = new Storage(Abi.PublicKeySize);
            try
            {
                NativeDetail detail = NativeDetail.New();
                using (Storage.Loan loan = storage.Borrow())
                {
                    DaxSignException.ThrowIfFailed(
                        writer(loan.Pointer, storage.NativeSize, &detail), &detail, file, fileLength);
                }
                return new DaxPublicKey(storage);
            }
            catch
            {
                storage.Dispose();
                throw;
            }
        }
    }
}
