using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using Daxsign;

/// <summary>Key pairs and requests for certificates, left in a folder for OpenSSL to judge.</summary>
internal static class Enrolling
{
    private sealed class Elsewhere : IExternalSigner
    {
        internal RSA Key;
        internal Exception Failure;
        public int ModulusBits { get { return 2048; } }
        public DaxPublicKey PublicKey { get; set; }

        public byte[] SignHash(byte[] hash)
        {
            if (Failure != null)
            {
                throw Failure;
            }
            return Key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    private sealed class Broken : RandomNumberGenerator
    {
        internal Exception Failure;

        public override void GetBytes(byte[] data)
        {
            if (Failure != null)
            {
                throw Failure;
            }
            Array.Clear(data, 0, data.Length);
        }

        public override void GetNonZeroBytes(byte[] data) { GetBytes(data); }
    }

    internal static void Run(string folder, string keys)
    {
        Certificates(folder, keys);
        OtherFiles(folder);
        Pairs(folder);
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        {
            Words(key);
            KeysElsewhere(key);
        }
        Randomness();
    }

    /// <summary>What OpenSSL says of a certificate: its two fingerprints, subject and end.</summary>
    private static void Certificates(string folder, string keys)
    {
        string[] said = File.ReadAllLines(Path.Combine(folder, "certificate.txt"));
        foreach (string name in new[] { "certificate.pem", "certificate.der" })
        {
            using (DaxCertificate certificate = DaxCertificate.LoadFile(Path.Combine(folder, name)))
            using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
            using (DaxPrivateKey other = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa3072.pkcs8.pem")))
            using (DaxPublicKey half = key.PublicKey())
            using (DaxPublicKey otherHalf = other.PublicKey())
            {
                Program.Equal(said[0].Split('=')[1].Replace(":", ""), certificate.Thumbprint, "SHA-1");
                Program.Equal(said[1].Split('=')[1].Replace(":", ""), certificate.Sha256Thumbprint, "SHA-256");
                Program.Equal("CN=dax", certificate.Subject, "subject");
                Program.Equal("CN=dax", certificate.Issuer, "issuer");
                Program.Equal(said[2].Split('=')[1], certificate.SerialNumber, "serial number");
                Program.Equal(TimeSpan.FromDays(90), certificate.NotAfter - certificate.NotBefore, "validity");
                Program.Equal(TimeSpan.FromDays(-1), certificate.TimeLeft(certificate.NotAfter.AddDays(1)), "left");
                Program.True(certificate.IsFor(half), "its key");
                Program.True(!certificate.IsFor(otherHalf), "another key");
            }
        }
    }

    /// <summary>What the platform would take for a certificate, too, and a key.</summary>
    private static void OtherFiles(string folder)
    {
        foreach (string name in new[] { "open.pfx", "certificate.p7b", "certificate.p7.pem", "key.der" })
        {
            var error = Program.Throws<CryptographicException>(
                () => DaxCertificate.LoadFile(Path.Combine(folder, name)), name);
            Program.True(error.Message.StartsWith("The file is no certificate: give one in PEM"), error.Message);
        }
    }

    private static DaxCertificateRequest Request()
    {
        return new DaxCertificateRequest(
            "01234567-89AB-CDEF-0123-456789ABCDEF", "7f8c2b1a-0000-4000-8000-00000000abcd")
        {
            Country = "SE",
            Locality = "Göteborg",
            Organization = "Partner Name",
            Unit = "IS/IT",
        };
    }

    private static void Pairs(string folder)
    {
        using (DaxKeyPair pair = DaxKeyPair.Generate())
        {
            Program.Equal(2048, pair.PublicKey.ModulusBits, "bits");
            Program.Equal(65537L, pair.PublicKey.Exponent, "exponent");
            Action<string, byte[]> write = (name, bytes) => File.WriteAllBytes(Path.Combine(folder, name), bytes);
            write("made.pkcs8.der", pair.ToDer());
            write("made.pkcs1.pem", pair.ToPem(DaxKeyFormat.Pkcs1));
            write("made.pkcs1.der", pair.ToDer(DaxKeyFormat.Pkcs1));
            string path = Path.Combine(folder, "made.pkcs8.pem");
            File.Delete(path);
            pair.SaveFile(path);
            Program.Throws<IOException>(() => pair.SaveFile(path), "a key is not overwritten");
            using (DaxPrivateKey loaded = DaxPrivateKey.LoadFile(path))
            using (DaxPublicKey half = loaded.PublicKey())
            {
                Program.Equal(Convert.ToBase64String(pair.PublicKey.Modulus()),
                    Convert.ToBase64String(half.Modulus()), "modulus");
            }
            write("made.request.der", Request().ToDer(pair.PrivateKey));
            File.WriteAllText(Path.Combine(folder, "made.request.pem"), Request().ToPem(pair.PrivateKey));
            DaxCertificateRequest other = Request();
            other.Environment = "stage";
            other.OtherNames.Add(new KeyValuePair<string, string>("2.5.4.5", "18505934000140"));
            other.DnsNames.Add("tpp1.demo.axway.com");
            File.WriteAllText(Path.Combine(folder, "made.other.pem"), other.ToPem(pair.PrivateKey));
        }
        // A request that is larger than most.
        using (DaxKeyPair pair = DaxKeyPair.Generate())
        {
            DaxCertificateRequest large = Request();
            for (int i = 0; i < 6; i++)
            {
                large.DnsNames.Add(new string('a', 60) + "." + new string('b', 60) + "." + new string('c', 60));
            }
            for (int i = 0; i < 11; i++)
            {
                large.OtherNames.Add(new KeyValuePair<string, string>("1.2.3", new string('å', 256)));
            }
            Program.True(large.ToDer(pair.PrivateKey).Length > 6000, "a large request");
        }
    }

    private static void Refused(Action<DaxCertificateRequest> change, DaxPrivateKey key, string field, string said)
    {
        DaxCertificateRequest request = Request();
        change(request);
        var error = Program.Throws<DaxSignException>(() => request.ToPem(key), field);
        Program.Equal(DaxSignStatus.InvalidField, error.Status, field);
        Program.Equal(field, error.Field, field);
        Program.Equal("invalid-field: " + said, error.Message, field);
    }

    private static void Words(DaxPrivateKey key)
    {
        Refused(request => request.Country = "se", key, "names.country",
            "the country (C) cannot be used: it is not two capital letters: write the country's code of ISO 3166-1, "
            + "such as SE");
        Refused(request => request.Unit = null, key, "names.unit",
            "the organizational unit (OU) cannot be used: it is empty: give it a value");
        Refused(request => request.DnsNames.Add("b..c"), key, "names.dns_names",
            "entry 1: a DNS name of the subjectAltName cannot be used: it is no DNS name at byte 2: write labels of at "
            + "most 63 letters, digits and hyphens, with points between");
        var size = Program.Throws<DaxSignException>(() => DaxKeyPair.Generate(1024), "size");
        Program.Equal(DaxSignStatus.KeySize, size.Status, "size");
        Program.Throws<ArgumentNullException>(() => new DaxCertificateRequest(null, ""), "no instance");
        Program.Throws<ArgumentNullException>(() => Request().ToPem((DaxPrivateKey)null), "no key");
        Program.Throws<ArgumentNullException>(() => Request().ToPem((IExternalSigner)null), "no signer");
    }

    private static void KeysElsewhere(DaxPrivateKey key)
    {
        using (RSA rsa = new RSACryptoServiceProvider(2048))
        using (DaxKeyPair pair = DaxKeyPair.Generate())
        {
            using (DaxPublicKey half = DaxPublicKey.FromRsa(rsa))
            {
                var signer = new Elsewhere { Key = rsa, PublicKey = half };
                Program.True(Request().ToPem(signer).StartsWith("-----BEGIN CERTIFICATE REQUEST-----\n"), "elsewhere");
                Program.Equal(896, Request().ToDer(signer).Length, "elsewhere");
                // Another key than the one that it says it is.
                signer.PublicKey = pair.PublicKey;
                var fault = Program.Throws<DaxSignException>(() => Request().ToPem(signer), "another key");
                Program.Equal(DaxSignStatus.SigningFault, fault.Status, "another key");
                signer.PublicKey = half;
                signer.Failure = new TimeoutException("the token does not answer");
                var own = Program.Throws<TimeoutException>(() => Request().ToPem(signer), "own exception");
                Program.Equal("the token does not answer", own.Message, "own message");
                signer.PublicKey = null;
                Program.Throws<ArgumentException>(() => Request().ToPem(signer), "without public key");
            }
        }
    }

    private static void Randomness()
    {
        var broken = new Broken();
        var stuck = Program.Throws<DaxSignException>(() => DaxKeyPair.Generate(2048, broken), "stuck");
        Program.Equal(DaxSignStatus.RandomnessStuck, stuck.Status, "stuck");
        broken.Failure = new TimeoutException("no noise");
        var own = Program.Throws<TimeoutException>(() => DaxKeyPair.Generate(2048, broken), "failing");
        Program.Equal("no noise", own.Message, "failing");
        Program.Throws<ArgumentNullException>(() => DaxKeyPair.Generate(2048, null), "no generator");
    }
}
