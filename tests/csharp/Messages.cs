using System;
using System.IO;
using System.Text;
using Daxsign;

/// <summary>Messages as bytes.</summary>
internal static class Messages
{
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2020, 5, 17, 12, 44, 30, TimeSpan.Zero);
    private const string Head = "POST /api/v2/DaxEndPoint HTTP/1.1\r\nHost: dax.amido.se\r\nX-Twice: a\r\nX-Folded: a\r\n\tb\r\n"
        + "x-twice: b\r\nX-Empty:\r\nContent-Type: application/json\r\nContent-Length: 18\r\n"
        + "Date: 2020-05-17T14:44:30.2437457+02:00\r\n";

    internal static void Run(string keys)
    {
        FromOneToAnother(keys);
        Refused();
    }

    private static void FromOneToAnother(string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        using (DaxPublicKey publicKey = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa2048.public-pkcs1.pem")))
        {
            const string body = "{\"hello\": \"world\"}";
            string value = new DaxSigner(key, DaxProfile.Documented).Sign(DaxRequest.Read(Bytes(Head + "\r\n" + body)));
            byte[] wire = Bytes(Head + "Signature: " + value + "\r\n\r\n" + body);
            DaxRequest read = DaxRequest.Read(wire);
            Program.Equal("POST /api/v2/DaxEndPoint 9", read.Method + " " + read.Target + " " + read.Headers.Count, "parts");
            Program.Equal(body, Encoding.UTF8.GetString(read.Body), "body");
            Program.Equal("dax.amido.se", read.ValueOf("HOST"), "a value");
            Program.Equal("a\r\n\tb", read.ValueOf("x-folded"), "a fold");
            Program.Equal("", read.ValueOf("X-Empty"), "an empty one");
            Program.Equal(null, read.ValueOf("X-Twice"), "two");
            Program.Equal(null, read.ValueOf("X-None"), "none");
            var options = new DaxVerifierOptions { Clock = () => Noon };
            var verifier = new DaxVerifier(publicKey, DaxProfile.Documented, options);
            Program.True(verifier.Verify(read).Covers("content-length"), "verified");
            // What is read is a copy.
            wire[wire.Length - 3] ^= 1;
            Program.True(verifier.Verify(read).Covers("content-length"), "verified");
            var changed = Program.Throws<DaxSignException>(() => verifier.Verify(DaxRequest.Read(wire)), "changed");
            Program.Equal(DaxSignStatus.SignatureMismatch, changed.Status, "changed");
        }
    }

    private static void Refused()
    {
        Refuses("GET / HTTP/1.1\n\n", DaxSignProblem.MessageLineEnd, 1,
            "malformed-message: line 1 of the message does not end in CRLF");
        Refuses("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", DaxSignProblem.MessageRepeated, 3,
            "malformed-message: line 3 of the message repeats the field on line 2");
        Refuses("", DaxSignProblem.MessageNoEmptyLine, 1,
            "malformed-message: line 1 of the message is missing: an empty line ends the head");
        Program.Equal(0, DaxRequest.Read(Bytes("GET / HTTP/1.1\r\n\r\n"), 0).Headers.Count, "no places");
        Program.Equal(1, DaxRequest.Read(Bytes("GET / HTTP/1.1\r\nA: b\r\n\r\n"), 1).Headers.Count, "one place");
        var full = Program.Throws<DaxSignException>(
            () => DaxRequest.Read(Bytes("GET / HTTP/1.1\r\nA: b\r\nA: b\r\n\r\n"), 1), "a field too many");
        Program.Equal(DaxSignProblem.MessageTooManyFields, full.Problem, "a field too many");
        Program.Throws<ArgumentNullException>(() => DaxRequest.Read(null), "null");
        Program.Throws<ArgumentOutOfRangeException>(() => DaxRequest.Read(new byte[0], -1), "no number");
    }

    private static void Refuses(string message, DaxSignProblem problem, int line, string words)
    {
        var error = Program.Throws<DaxSignException>(() => DaxRequest.Read(Bytes(message)), message);
        Program.Equal(DaxSignStatus.MalformedMessage, error.Status, message);
        Program.Equal(problem, error.Problem, message);
        Program.Equal(line, error.Position, message);
        Program.Equal(words, error.Message, message);
    }

    private static byte[] Bytes(string text)
    {
        return Encoding.UTF8.GetBytes(text);
    }
}
