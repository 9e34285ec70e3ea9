using System;
using System.IO;
using Daxsign;

/// <summary>Times of the years 0 to 9999.</summary>
internal static class Times
{
    internal static void Run(string keys, string certificate)
    {
        Kept(DateTimeOffset.MinValue, "0001-01-01T00:00:00.0000000Z");
        Kept(DateTimeOffset.MinValue.AddTicks(1), "0001-01-01T00:00:00.0000001Z");
        Kept(DateTimeOffset.MaxValue, "9999-12-31T23:59:59.9999999Z");
        Kept(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero), "1969-12-31T23:59:59.0000000Z");
        Kept(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1), "1969-12-31T23:59:59.9999999Z");
        Kept(new DateTimeOffset(1600, 2, 29, 12, 0, 0, TimeSpan.FromHours(14)), "1600-02-28T22:00:00.0000000Z");
        Kept(new DateTimeOffset(2020, 5, 17, 14, 44, 30, TimeSpan.FromHours(2)), "2020-05-17T12:44:30.0000000Z");
        // In UTC just outside of what a DateTimeOffset can hold.
        Program.Equal(DateTimeOffset.MinValue, DaxDate.Parse("0001-01-01T00:00:00+23:59"), "year 0");
        Program.Equal(DateTimeOffset.MaxValue, DaxDate.Parse("9999-12-31T23:59:59.999999999-23:59"), "year 10000");
        using (DaxPublicKey key = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa2048.public-pkcs1.pem")))
        {
            Program.True(key.NotAfter == null && key.NotBefore == null, "a bare key");
        }
        using (DaxPublicKey key = DaxPublicKey.FromCertificate(File.ReadAllBytes(certificate)))
        {
            Program.True(key.NotAfter > new DateTimeOffset(9900, 1, 1, 0, 0, 0, TimeSpan.Zero), "not after");
            Program.True(key.NotBefore < DateTimeOffset.UtcNow && DateTimeOffset.UtcNow < key.NotAfter, "valid now");
        }
        Clocks(keys);
    }

    private static void Kept(DateTimeOffset time, string text)
    {
        Program.Equal(text, DaxDate.Format(time), text);
        Program.Equal(time.UtcTicks, DaxDate.Parse(text).UtcTicks, text);
    }

    /// <summary>Clocks at the ends, and windows of every length.</summary>
    private static void Clocks(string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        using (DaxPublicKey publicKey = key.PublicKey())
        {
            DaxRequest request = Errors.Post();
            request.With("Signature", new DaxSigner(key, DaxProfile.Documented).Sign(request));
            Refused(publicKey, request, DateTimeOffset.MaxValue, TimeSpan.FromSeconds(300), DaxSignStatus.StaleDate);
            Refused(publicKey, request, DateTimeOffset.MinValue, TimeSpan.FromSeconds(300), DaxSignStatus.FutureDate);
            var noon = new DateTimeOffset(2020, 5, 17, 12, 44, 30, TimeSpan.Zero);
            Refused(publicKey, request, noon.AddSeconds(2), TimeSpan.Zero, DaxSignStatus.StaleDate);
            foreach (TimeSpan window in new[] { TimeSpan.MinValue, TimeSpan.FromTicks(-1), TimeSpan.MaxValue })
            {
                var verifier = At(publicKey, noon, window);
                Program.Throws<ArgumentOutOfRangeException>(() => verifier.Verify(request), window.ToString());
            }
        }
    }

    private static DaxVerifier At(DaxPublicKey key, DateTimeOffset now, TimeSpan window)
    {
        var options = new DaxVerifierOptions { Clock = () => now, Window = window };
        return new DaxVerifier(key, DaxProfile.Documented, options);
    }

    private static void Refused(
        DaxPublicKey key, DaxRequest request, DateTimeOffset now, TimeSpan window, DaxSignStatus status)
    {
        DaxVerifier verifier = At(key, now, window);
        Program.Equal(status, Program.Throws<DaxSignException>(() => verifier.Verify(request), "clock").Status, "clock");
    }
}
