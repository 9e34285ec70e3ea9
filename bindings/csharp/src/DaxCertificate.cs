using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Daxsign
{
    /// <summary>A certificate as it came back for a request: its thumbprint as DAX has it, names, and when it
    /// expires.</summary>
    /// <remarks>Who issued it is not judged: that is for the platform's <see cref="X509Chain"/> or
    /// <c>daxsign cert --ca</c>.</remarks>
    public sealed class DaxCertificate : IDisposable
    {
        private const string PemLine = "-----BEGIN CERTIFICATE-----";
        private const byte Sequence = 0x30;
        /// <summary>More than this in a length is how many bytes it takes.</summary>
        private const byte LongLength = 0x80;

        private DaxCertificate(X509Certificate2 certificate)
        {
            Subject = certificate.Subject;
            Issuer = certificate.Issuer;
            SerialNumber = certificate.SerialNumber;
            using (SHA1 sha1 = SHA1.Create())
            using (SHA256 sha256 = SHA256.Create())
            {
                Thumbprint = Hexadecimal(sha1.ComputeHash(certificate.RawData));
                Sha256Thumbprint = Hexadecimal(sha256.ComputeHash(certificate.RawData));
            }
            PublicKey = DaxPublicKey.FromCertificate(certificate);
        }

        /// <summary>The SHA-1 of the certificate, 40 hexadecimal digits in uppercase: by it DAX and certificate
        /// stores name a certificate.</summary>
        public string Thumbprint { get; }

        /// <summary>The SHA-256 of the certificate, 64 hexadecimal digits in uppercase.</summary>
        public string Sha256Thumbprint { get; }

        /// <summary>Whose it is, as the platform writes names.</summary>
        public string Subject { get; }

        /// <summary>Who issued it, as it says itself.</summary>
        public string Issuer { get; }

        /// <summary>Its serial number in hexadecimal.</summary>
        public string SerialNumber { get; }

        /// <summary>Its key. It goes with the certificate.</summary>
        public DaxPublicKey PublicKey { get; }

        /// <summary>From when it is valid.</summary>
        public DateTimeOffset NotBefore
        {
            get { return PublicKey.NotBefore.Value; }
        }

        /// <summary>Until when it is valid.</summary>
        public DateTimeOffset NotAfter
        {
            get { return PublicKey.NotAfter.Value; }
        }

        /// <summary>Reads a certificate, PEM or DER; the first one, where a file in PEM holds several.</summary>
        /// <param name="file">The file's bytes.</param>
        /// <returns>The certificate.</returns>
        /// <exception cref="CryptographicException">It is none, but something else, such as a PFX or PKCS#7
        /// file.</exception>
        /// <exception cref="DaxSignException">Its key is none that DAX uses.</exception>
        public static DaxCertificate Load(byte[] file)
        {
            if (file == null)
            {
                throw new ArgumentNullException(nameof(file));
            }
            if (!IsCertificate(file))
            {
                throw new CryptographicException(
                    "The file is no certificate: give one in PEM (" + PemLine + ") or DER, not a PFX or PKCS#7 file, a "
                    + "request or a key.");
            }
            using (var certificate = new X509Certificate2(file))
            {
                return new DaxCertificate(certificate);
            }
        }

        /// <summary>Reads a certificate's file.</summary>
        /// <param name="path">The file's path.</param>
        /// <returns>As <see cref="Load"/>.</returns>
        public static DaxCertificate LoadFile(string path)
        {
            return Load(File.ReadAllBytes(path));
        }

        /// <summary>How long it is still valid; negative once it has expired.</summary>
        /// <param name="now">Your clock.</param>
        /// <returns>The time until <see cref="NotAfter"/>.</returns>
        public TimeSpan TimeLeft(DateTimeOffset now)
        {
            return NotAfter - now;
        }

        /// <summary>Whether it is for this key.</summary>
        /// <param name="key">A public key, such as <see cref="DaxPrivateKey.PublicKey"/> gives.</param>
        /// <returns>Whether the keys are the same.</returns>
        public bool IsFor(DaxPublicKey key)
        {
            if (key == null)
            {
                throw new ArgumentNullException(nameof(key));
            }
            return key.Exponent == PublicKey.Exponent
                && Hexadecimal(key.Modulus()) == Hexadecimal(PublicKey.Modulus());
        }

        /// <summary>Frees its key.</summary>
        public void Dispose()
        {
            PublicKey.Dispose();
        }

        /// <summary>Whether it begins as one. The platform would guess, and take the first certificate of a PFX or
        /// PKCS#7 file, too.</summary>
        private static bool IsCertificate(byte[] file)
        {
            if (file.Length < 2 || file[0] != Sequence)
            {
                return Encoding.ASCII.GetString(file).Contains(PemLine);
            }
            // A sequence that begins with one: the others begin with a number or an object identifier.
            int inner = 2 + (file[1] > LongLength ? file[1] - LongLength : 0);
            return inner < file.Length && file[inner] == Sequence;
        }

        private static string Hexadecimal(byte[] bytes)
        {
            var digits = new StringBuilder(bytes.Length * 2);
            foreach (byte one in bytes)
            {
                digits.Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
            return digits.ToString();
        }
    }
}
