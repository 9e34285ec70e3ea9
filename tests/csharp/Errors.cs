using System;
using System.IO;
using System.Security.Cryptography;
using Daxsign;

/// <summary>What is refused, and what is said then.</summary>
internal static class Errors
{
    internal static void PrintStatuses()
    {
        foreach (Type type in new[] { typeof(DaxSignStatus), typeof(DaxSignProblem), typeof(DaxProfile),
            typeof(DaxTargetForm), typeof(DaxContent), typeof(DaxPolicy), typeof(DaxFinding) })
        {
            foreach (object value in Enum.GetValues(type))
            {
                string name = type == typeof(DaxSignStatus) ? DaxSignException.NameOf((DaxSignStatus)value) : "-";
                Console.WriteLine(type.Name + " " + value + " " + Convert.ToInt64(value) + " " + name);
                Program.Checks++;
            }
        }
    }

    internal static DaxRequest Post()
    {
        return new DaxRequest("POST", "/api/v2.0/cards?limit=5")
            .With("Host", "dax.example").With("Content-Type", "application/json").With("Content-Length", "18")
            .With("Date", "2020-05-17T12:44:30.2437457Z").WithBody("{\"hello\": \"world\"}");
    }

    internal static void Run(string keys)
    {
        Keys(keys);
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa3072.pkcs8.pem")))
        {
            var signer = new DaxSigner(key, DaxProfile.Documented);
            DaxRequest wrong = Post();
            wrong.Body = new byte[17];
            DaxSignException error = Program.Throws<DaxSignException>(() => signer.Sign(wrong), "length");
            Program.Equal(DaxSignStatus.ContentLengthMismatch, error.Status, "length");
            Program.Equal(18L, error.FoundNumber, "declared length");
            Program.Equal(17L, error.Needed, "real length");
            error = Program.Throws<DaxSignException>(() => signer.Sign(new DaxRequest("GET", "/a b")), "target");
            Program.Equal(2L, error.Offset, "offset of the blank");
            error = Program.Throws<DaxSignException>(
                () => signer.Sign(new DaxRequest("GET", "/").With("Date", "Sun, 17 May 2020 12:44:30 GMT")), "date");
            Program.Equal(DaxSignProblem.DateRfc1123, error.Problem, "kind of date");
            var list = new DaxSigningOptions { Components = new[] { "(request-target)", "x-id", "date" } };
            error = Program.Throws<DaxSignException>(
                () => new DaxSigner(key, DaxProfile.Documented, list).Sign(Post()), "missing field");
            Program.Equal("x-id", error.Field, "missing field");
            Program.True(error.Message.Contains("x-id"), error.Message);
        }
        Program.Throws<ArgumentNullException>(() => DaxPrivateKey.Load(null), "null key");
        Program.Throws<ArgumentNullException>(() => new DaxRequest(null, "/"), "null method");
        Program.Throws<ArgumentOutOfRangeException>(() => new DaxReplayGuard(0), "empty guard");
        Program.Equal("2020-05-17T12:44:30.2437457Z",
            DaxDate.Format(new DateTimeOffset(2020, 5, 17, 14, 44, 30, TimeSpan.FromHours(2)).AddTicks(2437457)), "date");
        Program.Equal(new DateTimeOffset(2020, 5, 17, 12, 44, 30, TimeSpan.Zero),
            DaxDate.Parse("2020-05-17T14:44:30+02:00"), "date read");
        Program.Equal("1969-12-31T23:59:59.9999999Z",
            DaxDate.Format(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1)), "before 1970");
        Program.Throws<ArgumentException>(() => DaxContext.Content(new string('x', 256)), "long context");
        Program.Equal("{\"Context\":\"a\\\"\\\\\\u000aå\"}",
            DaxContext.Content("a\"\\\nå").ReadAsStringAsync().Result, "context");
    }

    private static void Keys(string keys)
    {
        DaxSignException error = Program.Throws<DaxSignException>(() => DaxPrivateKey.FromPem("no key"), "no key");
        Program.Equal(DaxSignStatus.InvalidKey, error.Status, "no key");
        Program.Equal(DaxSignProblem.KeyNotAKey, error.Problem, "no key");
        Program.Throws<DaxSignException>(() => DaxPublicKey.Load(new byte[0]), "empty key");
        NamedFiles(keys);
        using (var signer = new RsaSigner(new OldProvider()))
        {
            var old = Program.Throws<CryptographicException>(() => signer.SignHash(new byte[32]), "old provider");
            Program.True(old.Message.Contains("provider of type 1") && old.Message.Contains("certutil -csp"), old.Message);
        }
        Program.Throws<FileNotFoundException>(() => DaxPublicKey.LoadFile("no-such-file.pem").Dispose(), "no file");
    }

    /// <summary>A key whose provider knows no SHA-256, as those of type 1 on Windows.</summary>
    private sealed class OldProvider : RSA
    {
        private readonly RSA _rsa = new RSACryptoServiceProvider(2048);

        public override RSAParameters ExportParameters(bool includePrivateParameters)
        {
            return _rsa.ExportParameters(includePrivateParameters);
        }

        public override void ImportParameters(RSAParameters parameters)
        {
            _rsa.ImportParameters(parameters);
        }

        public override byte[] SignHash(byte[] hash, HashAlgorithmName algorithm, RSASignaturePadding padding)
        {
            throw new CryptographicException(unchecked((int)0x80090008));
        }
    }

    /// <summary>What is no key is named, and line ends as text load.</summary>
    private static void NamedFiles(string keys)
    {
        string pem = File.ReadAllText(Path.Combine(keys, "rsa2048.pkcs8.pem"));
        DaxPrivateKey.FromPem(pem.Replace("\n", "\\n")).Dispose();
        DaxPrivateKey.Load(System.Text.Encoding.ASCII.GetBytes(pem.Replace("\n", "\\r\\n"))).Dispose();
        var named = new System.Collections.Generic.Dictionary<string, Action>
        {
            { "UTF-16", () => DaxPrivateKey.Load(System.Text.Encoding.Unicode.GetBytes(pem)) },
            { "the file is empty", () => DaxPublicKey.Load(new byte[0]) },
            { "`ssh-keygen -e -m pkcs8 -f FILE", () => DaxPublicKey.FromPem("ssh-rsa AAAAB3NzaC1yc2E") },
            { "five dashes", () => DaxPrivateKey.FromPem(pem.Replace("-----", "\u2013\u2013")) },
            { "as XML (.NET's ToXmlString)", () => DaxPublicKey.FromCertificate(
                System.Text.Encoding.ASCII.GetBytes("<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>")) },
        };
        foreach (var expected in named)
        {
            DaxSignException error = Program.Throws<DaxSignException>(expected.Value, expected.Key);
            Program.True(error.Message.StartsWith("invalid-key: ", StringComparison.Ordinal), error.Message);
            Program.True(error.Message.Contains(expected.Key), error.Message);
        }
    }

    /// <summary>Run with a library of another interface version.</summary>
    internal static void OtherVersion()
    {
        var error = Program.Throws<DaxSignException>(() => DaxPrivateKey.FromPem("x"), "other version");
        Program.Equal(DaxSignStatus.AbiMismatch, error.Status, "other version");
        Program.Equal("abi-mismatch", error.StatusName, "other version");
        Program.True(error.Message.Contains("interface version 99"), error.Message);
    }

    /// <summary>Run without a library.</summary>
    internal static void MissingLibrary()
    {
        var error = Program.Throws<DllNotFoundException>(() => DaxPrivateKey.FromPem("x"), "no library");
        Program.True(error.Message.Contains("runtimes/<rid>/native"), error.Message);
    }
}
