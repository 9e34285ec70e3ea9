using System;
using System.Security.Cryptography.X509Certificates;
using Daxsign;

/// <summary>A certificate is found by its thumbprint as people paste it, in a collection as a store gives it.</summary>
internal static class Thumbprints
{
    internal static void Run(string file, string fromOpenSsl)
    {
        using (var certificate = new X509Certificate2(file))
        {
            Good(certificate, fromOpenSsl);
            Bad(certificate.Thumbprint);
        }
    }

    /// <summary>Texts that hold the thumbprint, the first as OpenSSL prints it.</summary>
    private static void Good(X509Certificate2 certificate, string fromOpenSsl)
    {
        string plain = certificate.Thumbprint;
        string pairs = fromOpenSsl.Replace(":", " ");
        string[] texts =
        {
            fromOpenSsl,
            fromOpenSsl.ToLowerInvariant(),
            plain,
            plain.ToLowerInvariant(),
            pairs,
            "\u200e" + pairs.ToLowerInvariant(),
            "\u200f" + plain,
            "\ufeff" + plain + "\r\n",
            plain + "\u200e",
            "\u200e" + plain.Substring(0, 7) + "\u200f" + plain.Substring(7) + "\ufeff",
            "\u200b" + plain + "\u2060",
            "\u202a" + pairs + "\u202c",
            "\u00a0" + pairs + "\u00a0\u3000",
            "\t " + pairs.Replace(" ", "  ") + " \n",
            plain.Substring(0, 20) + plain.Substring(20).ToLowerInvariant(),
        };
        var collection = new X509Certificate2Collection(certificate);
        foreach (string text in texts)
        {
            Program.Equal(plain, DaxThumbprint.FromText(text), "a thumbprint in " + text.Length + " characters");
            X509Certificate2Collection found = collection.Find(
                X509FindType.FindByThumbprint, DaxThumbprint.FromText(text), false);
            Program.Equal(1, found.Count, "certificates found");
        }
    }

    private static void Bad(string plain)
    {
        Says("0 hexadecimal digits", "");
        Says("39 hexadecimal digits", plain.Substring(1));
        Says("41 hexadecimal digits", plain + "0");
        Says("U+0067 at position 0", "g" + plain.Substring(1));
        Says("U+004F at position 40", plain + "O");
        Says("U+002D at position 2", plain.Substring(0, 2) + "-" + plain.Substring(2));
        // A digit of another script is none.
        Says("U+FF11 at position 0", "\uff11" + plain.Substring(1));
        Says("SHA-256", plain + plain.Substring(16));
        Says("U+0053 at position 0", "SHA1 Fingerprint=" + plain);
        Program.Throws<ArgumentNullException>(() => DaxThumbprint.FromText(null), "null");
    }

    private static void Says(string expected, string text)
    {
        FormatException error = Program.Throws<FormatException>(() => DaxThumbprint.FromText(text), expected);
        Program.True(error.Message.Contains(expected), error.Message);
    }
}
