using System;
using System.IO;
using System.Text;
using System.Collections.Generic;
using Daxsign;

/// <summary>All cases, from a file with one item a line: a word and fields in base64.</summary>
internal static class Vectors
{
    internal static void Run(string file, string keys)
    {
        int good = 0, refused = 0, signatures = 0;
        DaxRequest request = null;
        string name = null;
        var components = new List<string>();
        foreach (string line in File.ReadAllLines(file))
        {
            string[] word = line.Split(' ');
            switch (word[0])
            {
                case "case":
                    name = word[1];
                    request = new DaxRequest(Utf8(word[2]), Utf8(word[3])) { Body = Convert.FromBase64String(word[4]) };
                    components = new List<string>();
                    break;
                case "field":
                    request.Headers.Add(new DaxHeader(Utf8(word[1]), Convert.FromBase64String(word[2])));
                    break;
                case "component":
                    components.Add(Utf8(word[1]));
                    break;
                case "refused":
                    refused++;
                    Refused(name, request, components, word[1], keys);
                    break;
                case "good":
                    good++;
                    Good(name, request, components, word[1], Utf8(word[2]), keys);
                    break;
                case "signature":
                    signatures++;
                    Signature(name, request, components, word, keys);
                    break;
                default: throw new Exception(line);
            }
        }
        Console.WriteLine("good " + good + " refused " + refused + " signatures " + signatures);
    }

    private static string Utf8(string base64)
    {
        return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }

    private static DaxSigner Signer(DaxPrivateKey key, DaxProfile profile, List<string> components)
    {
        return new DaxSigner(key, profile, new DaxSigningOptions { Components = components });
    }

    private static void Good(
        string name, DaxRequest request, List<string> components, string text, string list, string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.der")))
        {
            DaxSigner signer = Signer(key, DaxProfile.Documented, components);
            Program.Equal(text, Convert.ToBase64String(signer.SigningString(request)), name + " signing string");
            Program.Equal(list, string.Join(" ", signer.Components(request)), name + " list");
        }
    }

    private static void Refused(
        string name, DaxRequest request, List<string> components, string error, string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        {
            DaxSigner signer = Signer(key, DaxProfile.VendorSdk, components);
            var found = Program.Throws<DaxSignException>(() => signer.Sign(request), name);
            Program.Equal(error, found.StatusName, name);
            Program.True(found.Message.StartsWith(error + ": "), name + ": " + found.Message);
        }
    }

    private static void Signature(
        string name, DaxRequest request, List<string> components, string[] word, string keys)
    {
        var profile = word[2] == "documented" ? DaxProfile.Documented : DaxProfile.VendorSdk;
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, word[1] + ".pkcs1.pem")))
        using (DaxPublicKey publicKey = DaxPublicKey.LoadFile(Path.Combine(keys, word[1] + ".spki.pem")))
        {
            string value = Signer(key, profile, components).Sign(request);
            Program.True(value.EndsWith(" signature=\"" + word[3] + "\""), name + " " + word[1] + ": " + value);
            var options = new DaxVerifierOptions { Policy = DaxPolicy.Interop };
            options.Clock = () => DaxDate.Parse(Encoding.UTF8.GetString(Date(request)).Trim());
            request.With("Signature", value);
            DaxVerified verified = new DaxVerifier(publicKey, profile, options).Verify(request);
            Program.True(verified.Covers("Date"), name + " covers its date");
            DaxExplanation found = DaxExplanation.Explain(publicKey, request);
            Program.Equal(DaxFinding.Verifies, found.Finding, name + " explained");
            Program.Equal(profile, found.Profile.Value, name + " profile");
            request.Headers.RemoveAt(request.Headers.Count - 1);
        }
    }

    private static byte[] Date(DaxRequest request)
    {
        foreach (DaxHeader header in request.Headers)
        {
            if (header.Name.Equals("date", StringComparison.OrdinalIgnoreCase))
            {
                return Bytes(header);
            }
        }
        throw new Exception("no date");
    }

    private static byte[] Bytes(DaxHeader header)
    {
        var flags = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic;
        return (byte[])typeof(DaxHeader).GetProperty("Value", flags).GetValue(header);
    }
}
