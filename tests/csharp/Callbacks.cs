using System;
using System.Collections.Generic;
using System.IO;
using Daxsign;

/// <summary>Callbacks of the exchange, as who registered them gets them.</summary>
internal static class Callbacks
{
    private const string Receiver = "0d6c4a2e-0b1f-4e0f-8f0c-4f2f5a1c7c11/6c1f2d9e-3f0a-4f53-9a2b-5d1f0c9b7a22";
    private const string Id = "2f5a1c7c-0b1f-4e0f-8f0c-4f2f5a1c7c33";
    private const string List = "(request-target) x-correlation-id x-dax-sender x-dax-receiver x-dax-contract "
        + "x-dax-deadline content-type content-length date";
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2020, 5, 17, 12, 44, 30, TimeSpan.Zero);

    private static DateTimeOffset _now = Noon;

    internal static void Run(string keys)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(Path.Combine(keys, "rsa2048.pkcs8.pem")))
        using (DaxPublicKey publicKey = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa2048.public-pkcs1.pem")))
        using (DaxPublicKey other = DaxPublicKey.LoadFile(Path.Combine(keys, "rsa3072.public-pkcs1.pem")))
        {
            Once(key, new[] { other, publicKey });
            Refused(key, publicKey, other);
            Forgotten(key, publicKey);
        }
    }

    /// <summary>Each at its deadline, in whatever order they came.</summary>
    private static void Forgotten(DaxPrivateKey key, DaxPublicKey publicKey)
    {
        int[] deadlines = { 40, 10, 30, 20, 10 };
        var receiver = new DaxCallbackReceiver(new[] { publicKey }, Receiver, deadlines.Length, () => _now);
        Func<int, int, DaxCallback> take = (which, deadline) => receiver.Take("POST", "/hook?a=1", Signed(
            key, "CALLBACK", 0, "x-correlation-id", "callback " + which, Noon.AddSeconds(deadline)), Body);
        for (int i = 0; i < deadlines.Length; i++)
        {
            Program.True(!take(i, deadlines[i]).IsAgain, "the first time");
        }
        int number = deadlines.Length;
        Throws(503, () => take(number, 50), "no room");
        // How many have gone at each moment; what is left is still known.
        foreach (int[] at in new[] { new[] { 9, 0 }, new[] { 10, 2 }, new[] { 19, 0 }, new[] { 29, 1 }, new[] { 40, 2 } })
        {
            _now = Noon.AddSeconds(at[0]);
            for (int i = 0; i < at[1]; i++)
            {
                Program.True(!take(number++, 100).IsAgain, "there is room");
            }
            Throws(503, () => take(number, 100), "no more than have gone");
            Throws(at[0] < 40 ? 409 : 401, () => take(0, 40), "the same bytes");
        }
        _now = Noon;
    }

    private static void Once(DaxPrivateKey key, DaxPublicKey[] exchange)
    {
        var receiver = new DaxCallbackReceiver(exchange, Receiver, 1, () => _now);
        DaxCallback first = receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 0), Body);
        Program.Equal(Id, first.CorrelationId, "id");
        Program.True(!first.IsAgain, "first");
        Program.Equal(Noon.AddHours(1), first.Deadline, "deadline");
        Throws(409, () => receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 0), Body), "the same bytes");
        Program.True(receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 1), Body).IsAgain, "again");
        receiver.GiveBack(first);
        Program.True(!receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 2), Body).IsAgain, "given back");
        Throws(503, () => receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 0, "x-correlation-id",
            "3f5a1c7c-0b1f-4e0f-8f0c-4f2f5a1c7c44"), Body), "no room");
    }

    private static void Refused(DaxPrivateKey key, DaxPublicKey publicKey, DaxPublicKey other)
    {
        var receiver = new DaxCallbackReceiver(new[] { publicKey }, Receiver, 10, () => _now);
        List<KeyValuePair<string, string>> good = Signed(key, "CALLBACK", 0);
        Throws(405, () => receiver.Take("GET", "/hook?a=1", good, Body), "method");
        Throws(405, () => receiver.Take("CALLBACK", "/hook?a=1", good, Body), "method");
        Throws(401, () => receiver.Take("POST", "/hook", good, Body), "query");
        Throws(401, () => receiver.Take("POST", "/hook?a=1", good, new byte[] { 1, 2 }), "body");
        Throws(401, () => receiver.Take("POST", "/hook?a=1", Signed(key, "POST", 0), Body), "a request");
        Throws(401, () => receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 0, "x-dax-receiver", "x/y"), Body),
            "receiver");
        Throws(401, () => receiver.Take("POST", "/hook?a=1", Signed(key, "CALLBACK", 0, "x-dax-deadline", "soon"), Body),
            "no time");
        var twice = new List<KeyValuePair<string, string>>(good)
        {
            new KeyValuePair<string, string>("X-Dax-Receiver", Receiver),
        };
        Throws(401, () => receiver.Take("POST", "/hook?a=1", twice, Body), "twice");
        Throws(401, () => receiver.Take("POST", "/hook?a=1", new List<KeyValuePair<string, string>>(), Body), "nothing");
        var of = new DaxCallbackReceiver(new[] { other }, Receiver, 10, () => _now);
        Throws(401, () => of.Take("POST", "/hook?a=1", good, Body), "key");
        Throws(401, () => receiver.Take("POST", "/hook?a=1",
            Signed(key, "CALLBACK", 0, "x-dax-deadline", DaxDate.Format(Noon)), Body), "deadline");
        Program.True(!receiver.Take("POST", "/hook?a=1", good, Body).IsAgain, "none of them was remembered");
    }

    private static byte[] Body
    {
        get { return new byte[] { (byte)'{', (byte)'}' }; }
    }

    /// <summary>The fields of a callback, one of which is another.</summary>
    private static List<KeyValuePair<string, string>> Signed(
        DaxPrivateKey key, string method, int seconds, string name = "", string value = "",
        DateTimeOffset? deadline = null)
    {
        var fields = new List<KeyValuePair<string, string>>();
        foreach (string[] field in new[]
        {
            new[] { "x-correlation-id", Id },
            new[] { "x-dax-sender", "a/b" },
            new[] { "x-dax-receiver", Receiver },
            new[] { "x-dax-contract", "2f5a1c7c-0b1f-4e0f-8f0c-4f2f5a1c7c55" },
            new[] { "x-dax-deadline", DaxDate.Format(deadline ?? Noon.AddHours(1)) },
            new[] { "content-type", "application/json; charset=utf-8" },
            new[] { "content-length", "2" },
            new[] { "date", DaxDate.Format(Noon.AddSeconds(seconds)) },
        })
        {
            fields.Add(new KeyValuePair<string, string>(field[0], field[0] == name ? value : field[1]));
        }
        var request = new DaxRequest(method, "/hook?a=1") { Body = Body };
        fields.ForEach(field => request.With(field.Key, field.Value));
        var options = new DaxSigningOptions { TargetForm = DaxTargetForm.Full, Components = List.Split(' ') };
        string signature = new DaxSigner(key, DaxProfile.Documented, options).Sign(request);
        fields.Add(new KeyValuePair<string, string>("Signature", signature));
        fields.Add(new KeyValuePair<string, string>("Authorization", "Bearer x"));
        return fields;
    }

    private static void Throws(int status, Action action, string what)
    {
        Program.Equal(status, Program.Throws<DaxCallbackException>(action, what).Status, what);
    }
}
