using System;
using System.Globalization;
using System.Text;

namespace Daxsign
{
    /// <summary>Thumbprints of certificates as people paste them.</summary>
    public static class DaxThumbprint
    {
        /// <summary>The digits of a thumbprint: 20 bytes of SHA-1, by which DAX and certificate stores name a
        /// certificate.</summary>
        public const int Length = 40;

        /// <summary>Those of SHA-256, by which they do not.</summary>
        private const int Sha256Length = 64;

        /// <summary>The thumbprint in a text that was copied from somewhere, as
        /// <c>X509FindType.FindByThumbprint</c> and <c>X509Certificate2.Thumbprint</c> have it: 40 hexadecimal digits
        /// in uppercase.</summary>
        /// <remarks>Windows' window of a certificate puts an invisible mark before the first digit and blanks between
        /// them, OpenSSL colons. Blanks, colons and invisible characters (U+200E, U+200F, U+FEFF and all others of
        /// Unicode's category <c>Format</c>) are taken out wherever they stand. A store's <c>Find</c> with
        /// any of them finds nothing, or, on .NET Framework, another text than the one that is seen.</remarks>
        /// <param name="text">The text.</param>
        /// <returns>The thumbprint.</returns>
        /// <exception cref="FormatException">It is none: what stands where, or how many digits there are.</exception>
        public static string FromText(string text)
        {
            if (text == null)
            {
                throw new ArgumentNullException(nameof(text));
            }
            var digits = new StringBuilder(Length);
            for (int index = 0; index < text.Length; index++)
            {
                char character = text[index];
                if (IsDigit(character))
                {
                    digits.Append(char.ToUpperInvariant(character));
                }
                else if (!IsBetween(character))
                {
                    throw new FormatException(
                        "No thumbprint: U+" + ((int)character).ToString("X4", CultureInfo.InvariantCulture)
                        + " at position " + index + " is no hexadecimal digit.");
                }
            }
            if (digits.Length == Sha256Length)
            {
                throw new FormatException(
                    "A thumbprint of SHA-256 (64 digits): DAX and certificate stores know a certificate by the one of "
                    + "SHA-1, `openssl x509 -noout -fingerprint -sha1`.");
            }
            if (digits.Length != Length)
            {
                throw new FormatException(
                    "No thumbprint: it has " + digits.Length + " hexadecimal digits instead of " + Length + ".");
            }
            return digits.ToString();
        }

        private static bool IsDigit(char character)
        {
            return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f')
                || (character >= 'A' && character <= 'F');
        }

        private static bool IsBetween(char character)
        {
            return character == ':' || char.IsWhiteSpace(character)
                || CharUnicodeInfo.GetUnicodeCategory(character) == UnicodeCategory.Format;
        }
    }
}
