using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using Daxsign;

/// <summary>Keys that stay elsewhere.</summary>
internal static class Signers
{
    private sealed class Failing : IExternalSigner
    {
        public Func<byte[]> Answer;
        public int ModulusBits { get { return 2048; } }
        public DaxPublicKey PublicKey { get; set; }
        public byte[] SignHash(byte[] hash) { return Answer(); }
    }

    internal static void Run(string keys, string pfx)
    {
        var certificate = new X509Certificate2(pfx, "test");
        using (RsaSigner external = RsaSigner.FromCertificate(certificate))
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs1.der")))
        using (DaxPublicKey publicKey = DaxPublicKey.FromCertificate(certificate))
        {
            Program.Equal(2048, external.ModulusBits, "bits");
            Program.Equal(Convert.ToBase64String(publicKey.Modulus()),
                Convert.ToBase64String(external.PublicKey.Modulus()), "modulus");
            Program.Equal(certificate.NotAfter.ToUniversalTime(), publicKey.NotAfter.Value.UtcDateTime, "not after");
            Program.Equal(certificate.NotBefore.ToUniversalTime(), publicKey.NotBefore.Value.UtcDateTime, "not before");
            foreach (DaxProfile profile in new[] { DaxProfile.Documented, DaxProfile.VendorSdk })
            {
                // The signature is deterministic: both keys are one.
                Program.Equal(new DaxSigner(key, profile).Sign(Errors.Post()),
                    new DaxSigner(external, profile).Sign(Errors.Post()), "external " + profile);
            }
            Exceptions(external.PublicKey);
        }
        var bare = new X509Certificate2(certificate.RawData);
        Program.Throws<ArgumentException>(() => RsaSigner.FromCertificate(bare), "certificate without key");
    }

    private static void Exceptions(DaxPublicKey publicKey)
    {
        var failing = new Failing { Answer = () => { throw new TimeoutException("the token does not answer"); } };
        var signer = new DaxSigner(failing, DaxProfile.Documented);
        for (int i = 0; i < 100; i++)
        {
            var own = Program.Throws<TimeoutException>(() => signer.Sign(Errors.Post()), "own exception");
            Program.Equal("the token does not answer", own.Message, "own message");
            GC.Collect();
        }
        failing.Answer = () => new byte[255];
        var wrong = Program.Throws<InvalidOperationException>(() => signer.Sign(Errors.Post()), "short signature");
        Program.True(wrong.Message.Contains("255 bytes"), wrong.Message);
        failing.Answer = () => null;
        Program.Throws<InvalidOperationException>(() => signer.Sign(Errors.Post()), "no signature");
        failing.Answer = () => new byte[256];
        failing.PublicKey = publicKey;
        var fault = Program.Throws<DaxSignException>(() => signer.Sign(Errors.Post()), "false signature");
        Program.Equal(DaxSignStatus.SigningFault, fault.Status, "false signature");
    }
}
