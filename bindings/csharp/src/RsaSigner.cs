using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Daxsign
{
    /// <summary>Signs with a key that the platform holds: one of Windows CNG, of a certificate in the user's store,
    /// or any other <see cref="RSA"/>. The private key is never exported.</summary>
    public sealed class RsaSigner : IExternalSigner, IDisposable
    {
        /// <summary>NTE_BAD_ALGID: the provider that holds the key does not know SHA-256.</summary>
        private const int UnknownAlgorithm = unchecked((int)0x80090008);

        private readonly object _lock = new object();
        private readonly RSA _rsa;
        private bool _disposed;

        /// <summary>Signs with a key.</summary>
        /// <param name="rsa">The key, which belongs to the signer from now on: it is disposed of with it.</param>
        /// <exception cref="DaxSignException">Its public half is not one for DAX:
        /// <see cref="DaxSignStatus.KeyTooSmall"/>, <see cref="DaxSignStatus.UnsupportedKey"/>.</exception>
        public RsaSigner(RSA rsa)
        {
            PublicKey = DaxPublicKey.FromRsa(rsa);
            _rsa = rsa;
        }

        /// <summary>Signs with the private key that belongs to a certificate.</summary>
        /// <param name="certificate">The certificate, with a private key that may be used.</param>
        /// <returns>The signer.</returns>
        /// <exception cref="ArgumentException">There is no such key.</exception>
        public static RsaSigner FromCertificate(X509Certificate2 certificate)
        {
            if (certificate == null)
            {
                throw new ArgumentNullException(nameof(certificate));
            }
            RSA rsa = certificate.GetRSAPrivateKey();
            if (rsa == null)
            {
                throw new ArgumentException(
                    "The certificate `" + certificate.Subject + "` comes without a private key of RSA: take it from "
                    + "the store that holds its key, or load it from a PFX file.",
                    nameof(certificate));
            }
            return new RsaSigner(rsa);
        }

        /// <inheritdoc/>
        public int ModulusBits
        {
            get { return PublicKey.ModulusBits; }
        }

        /// <inheritdoc/>
        public DaxPublicKey PublicKey { get; }

        /// <inheritdoc/>
        public byte[] SignHash(byte[] hash)
        {
            if (hash == null)
            {
                throw new ArgumentNullException(nameof(hash));
            }
            // No implementation of RSA promises to be safe for several threads.
            lock (_lock)
            {
                if (_disposed)
                {
                    throw new ObjectDisposedException(nameof(RsaSigner));
                }
                try
                {
                    return _rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }
                catch (CryptographicException error) when (error.HResult == UnknownAlgorithm)
                {
                    throw new CryptographicException(
                        "The key stands in a cryptographic provider of type 1, which does not know SHA-256: import "
                        + "it once more, into one of type 24, with `certutil -csp \"Microsoft Enhanced RSA and AES "
                        + "Cryptographic Provider\" -importpfx FILE.pfx`, or into CNG with -csp \"Microsoft Software "
                        + "Key Storage Provider\".",
                        error);
                }
            }
        }

        /// <summary>Disposes of the key.</summary>
        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                _rsa.Dispose();
            }
            PublicKey.Dispose();
        }
    }
}
