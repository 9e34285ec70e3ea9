using System;
using System.IO;
using System.Text;
using Daxsign;

/// <summary>Incoming requests.</summary>
internal static class Verifying
{
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2020, 5, 17, 12, 44, 30, TimeSpan.Zero);

    internal static void Run(string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        using (DaxPublicKey publicKey = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa2048.public-pkcs1.pem")))
        {
            Program.Equal(65537L, publicKey.Exponent, "exponent");
            DaxRequest request = Errors.Post();
            request.With("Signature", new DaxSigner(key, DaxProfile.Documented).Sign(request));
            Whole(publicKey, request);
            TwoSenders(keys, publicKey, request);
            WithoutLength(key);
            Pieces(publicKey, request);
            request.Body[0] = (byte)' ';
            Refuses(DaxSignStatus.SignatureMismatch, publicKey, request, Noon, DaxProfile.Documented);
            DaxExplanation unknown = DaxExplanation.ExplainBroken(publicKey, request, null, 1 << 20);
            Program.Equal(DaxFinding.Unexplained, unknown.Finding, "changed body");
            Program.True(unknown.SignedString == null && unknown.Message.Length > 0, "changed body");
            Mistake(key, publicKey);
            Callbacks.Run(keys);
        }
    }

    private static DaxVerifier At(DaxPublicKey key, DateTimeOffset now, DaxReplayGuard guard = null)
    {
        var options = new DaxVerifierOptions { Clock = () => now, ReplayGuard = guard };
        return new DaxVerifier(key, DaxProfile.Documented, options);
    }

    private static void Whole(DaxPublicKey key, DaxRequest request)
    {
        using (var guard = new DaxReplayGuard(1))
        {
            DaxVerified verified = At(key, Noon, guard).Verify(request);
            Program.Equal("(request-target) host content-type content-length date",
                string.Join(" ", verified.Components), "components");
            Program.True(verified.Covers("HOST") && !verified.Covers("x-id"), "covers");
            Program.Equal(Noon.AddTicks(2437457), verified.Date, "date");
            var again = Program.Throws<DaxSignException>(() => At(key, Noon, guard).Verify(request), "again");
            Program.Equal(DaxSignStatus.Replayed, again.Status, "again");
        }
        Refuses(DaxSignStatus.StaleDate, key, request, Noon.AddSeconds(400), DaxProfile.Documented);
        Refuses(DaxSignStatus.FutureDate, key, request, Noon.AddSeconds(-400), DaxProfile.Documented);
        Refuses(DaxSignStatus.SignatureMismatch, key, request, Noon, DaxProfile.VendorSdk);
    }

    /// <summary>One guard for two keys: B signs A's string, and A's own request is accepted.</summary>
    private static void TwoSenders(string keys, DaxPublicKey keyOfA, DaxRequest ofA)
    {
        using (var guard = new DaxReplayGuard(2))
        using (DaxPrivateKey b = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa3072.pkcs8.pem")))
        using (DaxPublicKey keyOfB = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa3072.public-pkcs1.pem")))
        {
            DaxRequest ofB = Errors.Post();
            ofB.With("Signature", new DaxSigner(b, DaxProfile.Documented).Sign(ofB));
            byte[] hash = At(keyOfB, Noon, guard).Verify(ofB).SigningStringHash;
            Program.Equal(Convert.ToBase64String(hash),
                Convert.ToBase64String(At(keyOfA, Noon, guard).Verify(ofA).SigningStringHash), "one string");
            var again = Program.Throws<DaxSignException>(() => At(keyOfA, Noon, guard).Verify(ofA), "A again");
            Program.Equal(DaxSignStatus.Replayed, again.Status, "A again");
            again = Program.Throws<DaxSignException>(() => At(keyOfB, Noon, guard).Verify(ofB), "B again");
            Program.Equal(DaxSignStatus.Replayed, again.Status, "B again");
        }
    }

    /// <summary>The default list signs no body without Content-Length, unless that is chosen.</summary>
    private static void WithoutLength(DaxPrivateKey key)
    {
        DaxRequest open = new DaxRequest("POST", "/doors").With("Date", "2020-05-17T12:44:30Z").WithBody("{}");
        var strict = new DaxSigner(key, DaxProfile.Documented);
        var refused = Program.Throws<DaxSignException>(() => strict.Sign(open), "no length");
        Program.Equal(DaxSignStatus.UnboundBody, refused.Status, "no length");
        Program.Equal(DaxSignProblem.BindingNoContentLength, refused.Problem, "no length");
        Program.True(refused.Message.Contains("add Content-Length"), refused.Message);
        var interop = new DaxSigningOptions { Policy = DaxPolicy.Interop };
        string value = new DaxSigner(key, DaxProfile.Documented, interop).Sign(open);
        var own = new DaxSigningOptions { Components = new[] { "(request-target)", "date" } };
        Program.Equal(value, new DaxSigner(key, DaxProfile.Documented, own).Sign(open), "a list of one's own");
    }

    private static void Refuses(
        DaxSignStatus status, DaxPublicKey key, DaxRequest request, DateTimeOffset now, DaxProfile profile)
    {
        var verifier = new DaxVerifier(key, profile, new DaxVerifierOptions { Clock = () => now });
        var error = Program.Throws<DaxSignException>(() => verifier.Verify(request), status.ToString());
        Program.Equal(status, error.Status, "status");
    }

    private static void Pieces(DaxPublicKey key, DaxRequest request)
    {
        byte[] body = request.Body;
        request.Body = null;
        foreach (long? length in new long?[] { body.Length, null })
        {
            using (DaxVerifyingStream stream = At(key, Noon).Start(request, length))
            {
                GC.Collect();
                stream.Update(body, 0, 5);
                stream.Update(body, 5, 0);
                stream.Update(body, 5, body.Length - 5);
                Program.True(stream.Finish().Covers("content-length"), "pieces");
                Program.Throws<DaxSignException>(() => stream.Finish(), "finished twice");
            }
        }
        using (DaxVerifyingStream stream = At(key, Noon).Start(request, body.Length))
        {
            stream.Update(body, 0, 5);
            var error = Program.Throws<DaxSignException>(() => stream.Finish(), "half");
            Program.Equal(DaxSignStatus.ContentLengthMismatch, error.Status, "half");
        }
        Refusals(key, request, body);
        request.Body = body;
    }

    /// <summary>A stream that refused once refuses for ever.</summary>
    private static void Refusals(DaxPublicKey key, DaxRequest request, byte[] body)
    {
        using (var guard = new DaxReplayGuard(4))
        {
            foreach (byte[] wrong in new[] { new byte[] { 0xef, 0xbb, 0xbf }, new byte[body.Length + 1] })
            {
                using (DaxVerifyingStream stream = At(key, Noon, guard).Start(request))
                {
                    Program.Throws<DaxSignException>(() => stream.Update(wrong, 0, wrong.Length), "refused");
                    Program.Throws<DaxSignException>(() => stream.Update(wrong, 0, 0), "refused, nothing more");
                    Program.Throws<DaxSignException>(() => stream.Update(body, 0, body.Length), "refused, the body");
                    Program.Throws<DaxSignException>(() => stream.Finish(), "refused, the verdict");
                    Program.Throws<DaxSignException>(() => stream.Finish(), "refused, the verdict again");
                    Program.Equal(0, guard.Count, "not remembered");
                }
            }
        }
    }

    /// <summary>A peer that signed the query, too.</summary>
    private static void Mistake(DaxPrivateKey key, DaxPublicKey publicKey)
    {
        DaxRequest request = Errors.Post();
        var options = new DaxSigningOptions { TargetForm = DaxTargetForm.Full };
        request.With("Signature", new DaxSigner(key, DaxProfile.Documented, options).Sign(request));
        DaxExplanation found = DaxExplanation.Explain(publicKey, request);
        Program.Equal(DaxFinding.Mistake, found.Finding, "mistake");
        Program.Equal("full-target", found.Name, "mistake");
        Program.True(Encoding.UTF8.GetString(found.SignedString).Contains("cards?limit=5"), "signed string");
        Program.True(found.Refusal == null, "no refusal");
        request.Body = new byte[0];
        var refused = Program.Throws<DaxSignException>(() => DaxExplanation.Explain(publicKey, request), "refused");
        DaxExplanation told = DaxExplanation.ExplainBroken(publicKey, request, null, 100000);
        Program.Equal(refused.Status, told.Refusal.Status, "refusal");
        Program.Equal(DaxFinding.Unexplained, told.Finding, "another body");
        Program.True(!told.IsComplete, "a small budget");
    }
}
