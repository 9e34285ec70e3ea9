using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Daxsign;

/// <summary>Uses the page's keys, one way a run.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments[0])
        {
            case "ephemeral": return Sign(new RsaSigner(new RSACng(2048)));
            case "cng": return Sign(WindowsKeys.NewInCng("daxsign-" + Guid.NewGuid()));
            case "container": return Sign(WindowsKeys.InContainer(arguments[1]));
            case "not exported":
                using (CngKey key = CngKey.Create(
                    CngAlgorithm.Rsa, null, new CngKeyCreationParameters { ExportPolicy = CngExportPolicies.None }))
                {
                    return Refused(() => key.Export(CngKeyBlobFormat.GenericPrivateBlob));
                }
            case "container not exported":
                var where = new CspParameters(24, null, arguments[1]) { Flags = CspProviderFlags.UseExistingKey };
                using (var key = new RSACryptoServiceProvider(where))
                {
                    return Refused(() => key.ExportParameters(true));
                }
            case "protect":
                WindowsKeys.SaveProtected(arguments[2], File.ReadAllBytes(arguments[1]));
                return 0;
            case "protected":
                using (DaxPrivateKey key = WindowsKeys.LoadProtected(arguments[1]))
                using (DaxPublicKey half = key.PublicKey())
                {
                    Console.WriteLine(Convert.ToHexString(half.Modulus()));
                    Console.WriteLine(new DaxSigner(key, DaxProfile.Documented).Sign(Get()));
                    return 0;
                }
            case "store":
                using (var store = new X509Store(StoreName.My, StoreLocation.CurrentUser))
                {
                    store.Open(OpenFlags.ReadWrite);
                    store.Add(new X509Certificate2(arguments[1]));
                    X509Certificate2Collection found = store.Certificates.Find(
                        X509FindType.FindByThumbprint, DaxThumbprint.FromText(arguments[2]), false);
                    Console.WriteLine(found.Count + " " + found[0].Subject);
                    return 0;
                }
            default: return 2;
        }
    }

    private static DaxRequest Get()
    {
        return new DaxRequest("GET", "/cards").With("Host", "dax.example").With("Date", "2020-05-17T12:44:30.0000000Z");
    }

    // Prints the modulus and the value of the field Signature. Wine writes a container when it is closed.
    private static int Sign(RsaSigner signer)
    {
        using (signer)
        {
            Console.WriteLine(Convert.ToHexString(signer.PublicKey.Modulus()));
            Console.WriteLine(new DaxSigner(signer, DaxProfile.Documented).Sign(Get()));
            return 0;
        }
    }

    private static int Refused(Action export)
    {
        try
        {
            export();
            return 1;
        }
        catch (CryptographicException)
        {
            return 0;
        }
    }
}
