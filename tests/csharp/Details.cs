using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;

/// <summary>What the client does that no server has to judge: what it gives to its handler, and what it makes of what
/// the handler gives or throws.</summary>
internal static class Details
{
    private static readonly DaxInstance Target = new DaxInstance(Guid.Empty, Guid.Empty);

    internal static async Task Run(string keyFile, string publicKeyFile)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(keyFile))
        {
            await LookUps(key);
            await RawCalls(key);
            await IdempotencyKeys(key);
            await ContextNames(key);
            await FailingSigners(publicKeyFile);
            await FailingConnections(key);
            await Waits(key);
            await Seconds(key);
            await DisposedHandlers(key);
            await NoCookies(key);
        }
    }

    private static DaxClient Client(Stub stub, DaxSigner signer, Action<DaxClientOptions> set = null)
    {
        var options = new DaxClientOptions(
            new Uri("https://dax.example"), Guid.Empty, "user", new DaxSecret("password"))
        {
            Handler = stub,
        };
        set?.Invoke(options);
        return new DaxClient(options, signer);
    }

    private static async Task<DaxApiException> Fails<T>(DaxClient client, DaxOperation<T> call, DaxErrorKind kind)
    {
        try
        {
            await client.CallAsync(call);
        }
        catch (DaxApiException error)
        {
            Program.Equal(kind, error.Kind, error.Message);
            return error;
        }
        throw new Exception("no error: " + kind);
    }

    private static async Task LookUps(DaxPrivateKey key)
    {
        var stub = new Stub { Answer = "{\"data\":{\"cards\":[]}}" };
        using (DaxClient client = Client(stub, DaxSigner.Observed(key)))
        {
            var ids = Enumerable.Range(0, 120).Select(i => new Guid(i, 0, 0, new byte[8])).ToList();
            Program.Equal(0, (await client.LookUpAsync(new ListCards(Target), ids.Concat(ids))).Count, "found");
            Program.Equal("50 50 20", Counts(stub), "at most 50 in a call, each once");
            string asked = string.Join(",", stub.Calls.Select(call => call.Ids));
            Program.Equal(string.Join(",", ids), asked, "all of them");

            stub.Calls.Clear();
            stub.Answer = "{\"data\":{\"cardOwners\":[]}}";
            ids = Enumerable.Range(0, 400).Select(i => new Guid(i, 0, 0, new byte[8])).ToList();
            await client.LookUpAsync(new ListCardOwners(Target) { Limit = 200 }, ids);
            Program.Equal("200 200", Counts(stub), "at most 200 in a call");
            Program.True(stub.Calls.All(call => call.Target.Length < 8000), "no address is too long");

            stub.Calls.Clear();
            Program.Equal(0, (await client.LookUpAsync(new ListCards(Target), new Guid[0])).Count, "nothing asked");
            Program.Equal(0, stub.Calls.Count, "no ids are not all ids");
        }
    }

    private static string Counts(Stub stub)
    {
        return string.Join(" ", stub.Calls.Select(call => call.Ids.Split(',').Length));
    }

    private static async Task RawCalls(DaxPrivateKey key)
    {
        var stub = new Stub { Answer = "{\"data\":{\"new\":[1]}}" };
        using (DaxClient client = Client(stub, DaxSigner.Observed(key)))
        {
            var raw = new DaxRawOperation("PUT", "/things/%C3%85/1") { Body = DaxJson.Parse("{\"a\":{\"b\":1}}") }
                .With("x", "1 2", "ä").With("y&", "2");
            DaxResponse<DaxJson> answer = await client.CallAsync(raw, new DaxCallOptions { Context = "c" });
            Program.Equal("{\"new\":[1]}", answer.Data.ToString(), "data");
            Program.Equal("PUT", stub.Calls[0].Method, "method");
            Program.Equal("/api/v2.0/things/%C3%85/1?x=1%202,%C3%A4&y%26=2", stub.Calls[0].Target, "target");
            Program.Equal("{\"a\":{\"b\":1},\"Context\":\"c\"}", stub.Calls[0].Body, "body");
            await client.CallAsync(raw);
            Program.Equal("{\"a\":{\"b\":1}}", stub.Calls[1].Body, "the operation is as it was");
            raw = new DaxRawOperation("DELETE", "/a") { Body = DaxJson.Parse("{\"context\":\"old\"}") };
            await client.CallAsync(raw, new DaxCallOptions { Context = "new" });
            Program.Equal("{\"Context\":\"new\"}", stub.Calls[2].Body, "one context");
            await client.CallAsync(new DaxRawOperation("GET", "/a"));
            Program.Equal("{}", stub.Calls[3].Body, "no body");
            var wrong = new[] { "a", "", "/a?b=1", "/a#b", "/a b", "/%4", "/%zz", "/å", "/../x", "/a/%2E/b" };
            foreach (string path in wrong)
            {
                await Fails(client, new DaxRawOperation("GET", path), DaxErrorKind.Invalid);
            }
            await Fails(client, new DaxRawOperation("TRACE", "/a"), DaxErrorKind.Invalid);
            var list = new DaxRawOperation("POST", "/a") { Body = DaxJson.Parse("[]") };
            await Fails(client, list, DaxErrorKind.Invalid);
            Program.Equal(4, stub.Calls.Count, "nothing of that was sent");
        }
    }

    private static async Task IdempotencyKeys(DaxPrivateKey key)
    {
        const string Key = "order-7";
        var stub = new Stub();
        var options = new DaxCallOptions { IdempotencyKey = Key };
        using (DaxClient client = Client(stub, new DaxSigner(key, DaxProfile.Documented)))
        {
            await client.CallAsync(new ListContracts(), options);
            Program.Equal(Key, stub.Calls[0].Field("X-Dax-Idempotency-Key"), "sent");
            const string All = "(request-target) host content-type content-length x-dax-idempotency-key date";
            Program.True(stub.Calls[0].Field("Signature").Contains("\"" + All + "\""), "signed");
            await client.CallAsync(new ListContracts());
            Program.Equal(null, stub.Calls[1].Field("X-Dax-Idempotency-Key"), "none");
            Program.True(!stub.Calls[1].Field("Signature").Contains("idempotency"), "not signed");
            foreach (string wrong in new[] { "", "a b", "å", "a\r\nb", new string('a', 65) })
            {
                options.IdempotencyKey = wrong;
                var error = Program.Throws<DaxApiException>(
                    () => client.CallAsync(new ListContracts(), options).GetAwaiter().GetResult(), "key");
                Program.Equal(DaxErrorKind.Invalid, error.Kind, wrong);
            }
            Program.Equal(2, stub.Calls.Count, "nothing of that was sent");
        }
        using (DaxClient client = Client(stub, DaxSigner.Observed(key)))
        {
            options.IdempotencyKey = new string('~', 64);
            await client.CallAsync(new ListContracts(), options);
            Program.Equal(options.IdempotencyKey, stub.Calls[2].Field("X-Dax-Idempotency-Key"), "sent");
            Program.True(stub.Calls[2].Field("Signature").Contains("\"(request-target) date\""), "a list is a list");
        }
    }

    private static async Task ContextNames(DaxPrivateKey key)
    {
        foreach (DaxContextName name in new[] { DaxContextName.Upper, DaxContextName.Lower })
        {
            var stub = new Stub();
            using (DaxClient client = Client(stub, DaxSigner.Observed(key), options => options.ContextName = name))
            {
                await client.CallAsync(new ListContracts(), new DaxCallOptions { Context = "7" });
                string spelt = name == DaxContextName.Upper ? "Context" : "context";
                Program.Equal("{\"" + spelt + "\":\"7\"}", stub.Calls[0].Body, "the context's name");
            }
        }
    }

    private static async Task FailingSigners(string publicKeyFile)
    {
        var away = new Elsewhere();
        var causes = new Exception[]
        {
            // As an HSM behind a network, or a card, says it: none of these is the request's or the server's.
            new HttpRequestException("the HSM does not answer"), new OperationCanceledException("no PIN"),
            new IOException("the card was pulled out"), new InvalidOperationException("locked"),
        };
        var stub = new Stub();
        using (DaxClient client = Client(stub, DaxSigner.Observed(away)))
        {
            foreach (Exception cause in causes)
            {
                away.Cause = cause;
                DaxApiException error = await Fails(client, new ListContracts(), DaxErrorKind.SignerFailed);
                Program.True(ReferenceEquals(cause, error.InnerException), "what it threw");
                Program.Equal(DaxSent.Nothing, error.Sent, "sent");
                string says = "GET /api/v2.0/contracts: " + cause.Message + "; nothing was sent";
                Program.True(error.Message.Contains(says), error.Message);
            }
            away.Cause = null;
            DaxApiException wrong = await Fails(client, new ListContracts(), DaxErrorKind.SignerFailed);
            Program.True(wrong.Message.Contains("gave 1 bytes"), wrong.Message);
            away.Key = DaxPublicKey.LoadFile(publicKeyFile);
            away.Made = new byte[256];
            wrong = await Fails(client, new ListContracts(), DaxErrorKind.SignerFailed);
            Program.True(wrong.InnerException is DaxSignException, wrong.Message);
            Program.Equal(0, stub.Calls.Count, "no call was sent");
            Program.Equal(1, stub.Tokens, "and none was sent again");
        }
        // Without the client what a signer throws comes out as it is.
        away.Cause = causes[0];
        var request = new DaxRequest("GET", "/").With("Host", "a").With("Date", "2026-01-01T00:00:00Z");
        var thrown = Program.Throws<HttpRequestException>(() => DaxSigner.Observed(away).Sign(request), "as it is");
        Program.True(ReferenceEquals(causes[0], thrown), "as it is");
    }

    private static async Task FailingConnections(DaxPrivateKey key)
    {
        Exception refused = Wrapped(new SocketException((int)SocketError.ConnectionRefused));
        var rows = new[]
        {
            // What goes wrong; what is known of it; how often a GET, a change and a creation are tried.
            Row(refused, DaxSent.Nothing, 2, 2, 1),
            Row(Wrapped(new SocketException((int)SocketError.HostNotFound)), DaxSent.Nothing, 2, 2, 1),
            Row(Wrapped(new SocketException((int)SocketError.ConnectionReset)), DaxSent.Maybe, 2, 1, 1),
            Row(Wrapped(new SocketException((int)SocketError.TimedOut)), DaxSent.Maybe, 2, 1, 1),
            Row(Wrapped(new IOException("broke off")), DaxSent.Maybe, 2, 1, 1),
            Row(new IOException("broke off"), DaxSent.Maybe, 2, 1, 1),
            Row(Wrapped(new AuthenticationException("not trusted")), DaxSent.Nothing, 1, 1, 1),
            Row(Wrapped(new WebException("", WebExceptionStatus.NameResolutionFailure)), DaxSent.Nothing, 2, 2, 1),
            Row(Wrapped(new WebException("", WebExceptionStatus.TrustFailure)), DaxSent.Nothing, 1, 1, 1),
            Row(Wrapped(new WebException("", WebExceptionStatus.ReceiveFailure)), DaxSent.Maybe, 2, 1, 1),
            Row(new HttpRequestException("who knows"), DaxSent.Maybe, 2, 1, 1),
        };
        foreach (Tuple<Exception, DaxSent, int, int, int> row in rows)
        {
            var stub = new Stub { Throws = row.Item1 };
            using (DaxClient client = Client(stub, DaxSigner.Observed(key), options => options.Retries = 1))
            {
                var change = new UpdateCardOwner(Target, Guid.Empty, new CardOwnerPatch().Comment("c"));
                var create = new CreateFolder(Target, "f", 1);
                await Tries(client, stub, new ListContracts(), row.Item2, row.Item3);
                await Tries(client, stub, change, row.Item2, row.Item4);
                await Tries(client, stub, create, row.Item2, row.Item5);
            }
        }
    }

    private static Tuple<Exception, DaxSent, int, int, int> Row(Exception error, DaxSent sent, int a, int b, int c)
    {
        return Tuple.Create(error, sent, a, b, c);
    }

    private static Exception Wrapped(Exception inner)
    {
        return new HttpRequestException("An error occurred while sending the request.", inner);
    }

    private static async Task Tries<T>(DaxClient client, Stub stub, DaxOperation<T> call, DaxSent sent, int times)
    {
        stub.Calls.Clear();
        DaxApiException error = await Fails(client, call, DaxErrorKind.Unreachable);
        Program.Equal(sent, error.Sent, stub.Throws.ToString());
        Program.Equal(times, stub.Calls.Count, stub.Throws.ToString());
    }

    private static async Task Waits(DaxPrivateKey key)
    {
        foreach (string after in new[] { "99999999999", "99999999999999999999", new string('9', 400) })
        {
            var stub = new Stub { Status = 429, RetryAfter = after };
            using (DaxClient client = Client(stub, DaxSigner.Observed(key)))
            {
                DaxApiException error = await Fails(client, new ListContracts(), DaxErrorKind.RateLimited);
                Program.True(error.RetryAt > DateTimeOffset.UtcNow.AddYears(1000), "after " + error.RetryAt);
                Program.Equal(1, stub.Calls.Count, "not sent again");
            }
        }
        var busy = new Stub { Status = 503, RetryAfter = "0", FailsFirst = 2 };
        using (DaxClient client = Client(busy, DaxSigner.Observed(key)))
        {
            var forever = new DaxCallOptions { Timeout = Timeout.InfiniteTimeSpan };
            Program.Equal(200, (await client.CallAsync(new ListContracts(), forever)).Status, "without an end");
            Program.Equal(3, busy.Calls.Count, "sent again");
        }
    }

    private static async Task Seconds(DaxPrivateKey key)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = comma;
        try
        {
            var stub = new Stub { Never = true };
            using (DaxClient client = Client(
                stub, DaxSigner.Observed(key), options => options.Timeout = TimeSpan.FromSeconds(0.25)))
            {
                DaxApiException error = await Fails(client, new ListContracts(), DaxErrorKind.Unreachable);
                Program.True(error.Message.Contains("no answer within 0.25 s"), error.Message);
            }
            stub = new Stub();
            using (DaxClient client = Client(stub, DaxSigner.Observed(key)))
            {
                await client.CallAsync(new ListCards(Target) { Limit = 5, Offset = 7 });
                Program.True(stub.Calls[0].Target.EndsWith("?offset=7&limit=5"), stub.Calls[0].Target);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>A mistake of the program is told as one, and not as a server that cannot be reached.</summary>
    private static async Task DisposedHandlers(DaxPrivateKey key)
    {
        var stub = new Stub { Throws = new ObjectDisposedException("HttpClientHandler") };
        using (DaxClient client = Client(stub, DaxSigner.Observed(key)))
        {
            Program.Throws<ObjectDisposedException>(
                () => client.CallAsync(new ListContracts()).GetAwaiter().GetResult(), "disposed");
            Program.Equal(1, stub.Calls.Count, "not sent again");
        }
        var ended = new Stub();
        DaxClient gone = Client(ended, DaxSigner.Observed(key));
        gone.Dispose();
        Program.Throws<ObjectDisposedException>(
            () => gone.CallAsync(new ListContracts()).GetAwaiter().GetResult(), "disposed");
        Program.Equal(0, ended.Calls.Count, "nothing is sent");
        await Task.Yield();
    }

    /// <summary>The client's own handler keeps no cookies: an answer to one call must not change the next.</summary>
    private static async Task NoCookies(DaxPrivateKey key)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var seen = new List<string>();
        Task server = Task.Run(() => Serve(listener, seen, 3));
        var options = new DaxClientOptions(
            new Uri("http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port), Guid.Empty, "user",
            new DaxSecret("password"));
        using (var client = new DaxClient(options, DaxSigner.Observed(key)))
        {
            await client.CallAsync(new ListContracts());
            await client.CallAsync(new ListContracts());
        }
        await server;
        listener.Stop();
        Program.Equal(3, seen.Count, "a token and two calls");
        Program.True(seen.All(head => head.IndexOf("\r\nCookie:", StringComparison.OrdinalIgnoreCase) < 0), "cookies");
    }

    /// <summary>Answers each request on a connection of its own, with a cookie.</summary>
    private static void Serve(TcpListener listener, List<string> seen, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using (TcpClient client = listener.AcceptTcpClient())
            using (NetworkStream stream = client.GetStream())
            {
                string head = Head(stream);
                seen.Add(head);
                string body = head.Contains("/oauth/token") ? Stub.Token : "{\"data\":{\"contracts\":[]}}";
                byte[] answer = Encoding.ASCII.GetBytes(
                    "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Type: application/json\r\n"
                    + "Connection: close\r\nContent-Length: " + body.Length + "\r\n\r\n" + body);
                stream.Write(answer, 0, answer.Length);
            }
        }
    }

    /// <summary>Reads a request with its body; gives its head.</summary>
    private static string Head(NetworkStream stream)
    {
        var bytes = new List<byte>();
        string head;
        do
        {
            bytes.Add((byte)stream.ReadByte());
            head = Encoding.ASCII.GetString(bytes.ToArray());
        }
        while (!head.EndsWith("\r\n\r\n"));
        string length = head.Split(new[] { "Content-Length: " }, StringSplitOptions.None)[1].Split('\r')[0];
        if (head.IndexOf("100-continue", StringComparison.OrdinalIgnoreCase) >= 0)
        {
            byte[] go = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n");
            stream.Write(go, 0, go.Length);
        }
        for (int left = int.Parse(length); left > 0; left--)
        {
            stream.ReadByte();
        }
        return head;
    }

    /// <summary>A key that is away.</summary>
    private sealed class Elsewhere : IExternalSigner
    {
        internal Exception Cause;
        internal DaxPublicKey Key;
        internal byte[] Made = new byte[1];

        public int ModulusBits
        {
            get { return 2048; }
        }

        public DaxPublicKey PublicKey
        {
            get { return Key; }
        }

        public byte[] SignHash(byte[] hash)
        {
            return Cause == null ? Made : throw Cause;
        }
    }

    private sealed class Sent
    {
        private const string Filter = "idfilter=";

        internal string Method;
        internal string Target;
        internal string Body;
        internal HttpRequestMessage Message;

        internal string Ids
        {
            get
            {
                string[] query = Target.Split('?')[1].Split('&');
                return query.Single(part => part.ToLowerInvariant().StartsWith(Filter)).Substring(Filter.Length);
            }
        }

        internal string Field(string name)
        {
            IEnumerable<string> values;
            return Message.Headers.TryGetValues(name, out values) ? values.Single() : null;
        }
    }

    /// <summary>Stands in for the network.</summary>
    private sealed class Stub : HttpMessageHandler
    {
        internal const string Token = "{\"access_token\":\"t\",\"expires_in\":3600}";

        internal readonly List<Sent> Calls = new List<Sent>();
        internal string Answer = "{\"data\":{}}";
        internal int Status = 200;
        internal string RetryAfter;
        /// <summary>How many calls get the status; all that come if it is negative.</summary>
        internal int FailsFirst = -1;
        internal Exception Throws;
        internal bool Never;
        internal int Tokens;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage message, CancellationToken cancel)
        {
            if (message.RequestUri.AbsolutePath == "/oauth/token")
            {
                Tokens++;
                return Response(200, Token, message);
            }
            Calls.Add(new Sent
            {
                Method = message.Method.Method,
                Target = message.RequestUri.PathAndQuery,
                Body = await message.Content.ReadAsStringAsync(),
                Message = message,
            });
            if (Never)
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            if (Throws != null)
            {
                throw Throws;
            }
            bool fails = FailsFirst < 0 || Calls.Count <= FailsFirst;
            return Response(fails ? Status : 200, Answer, message);
        }

        private HttpResponseMessage Response(int status, string body, HttpRequestMessage message)
        {
            var response = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
                RequestMessage = message,
            };
            if (RetryAfter != null && status != 200)
            {
                response.Headers.TryAddWithoutValidation("Retry-After", RetryAfter);
            }
            return response;
        }
    }
}
