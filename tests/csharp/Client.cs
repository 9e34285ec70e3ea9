using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Daxsign;

/// <summary>Sends requests to two servers; what arrives there is judged outside of this program.</summary>
internal static class Client
{
    internal static async Task Run(string keyFile, string pfx, string home, string other)
    {
        using (DaxPrivateKey key = DaxPrivateKey.LoadFile(keyFile))
        {
            var list = new[] { "(request-target)", "host", "x-tags", "accept", "user-agent", "content-type",
                "content-length", "date" };
            var plain = new DaxSigner(key, DaxProfile.Documented);
            await Simple(plain, home);
            await Fields(new DaxSigner(key, DaxProfile.Documented, new DaxSigningOptions { Components = list }), home);
            await Redirects(plain, home, other);
            await Refused(plain, home);
        }
        using (RsaSigner external = RsaSigner.FromCertificate(new X509Certificate2(pfx, "test")))
        using (HttpClient client = New(new DaxSigner(external, DaxProfile.VendorSdk)))
        {
            await Expect(200, client, Post(home + "/vendor"));
        }
    }

    private static HttpClient New(DaxSigner signer, DaxHandlerOptions options = null)
    {
        return new HttpClient(new DaxSigningHandler(signer, new HttpClientHandler(), options));
    }

    private static HttpRequestMessage Post(string address)
    {
        var content = new StringContent("{\"name\": \"Åsa\"}", Encoding.UTF8, "application/json");
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
    }

    private static async Task Expect(int status, HttpClient client, HttpRequestMessage request)
    {
        using (HttpResponseMessage response = await client.SendAsync(request))
        {
            Program.Equal(status, (int)response.StatusCode, request.RequestUri.ToString());
        }
    }

    private static async Task Simple(DaxSigner signer, string home)
    {
        var noon = new DateTimeOffset(2020, 5, 17, 14, 44, 30, TimeSpan.FromHours(2)).AddTicks(2437457);
        using (HttpClient client = New(signer, new DaxHandlerOptions { Clock = () => noon }))
        {
            await Expect(200, client, Post(home + "/post?page=2#part"));
            await Expect(200, client, new HttpRequestMessage(HttpMethod.Get, home + "/get/%C3%A5%20b"));
            await Expect(200, client, new HttpRequestMessage(HttpMethod.Get, home + "/get-context")
            {
                Content = DaxContext.Content("door 5"),
            });
            await Expect(200, client, new HttpRequestMessage(HttpMethod.Put, home + "/put-nothing"));
            await Expect(200, client, new HttpRequestMessage(new HttpMethod("PATCH"), home + "/patch")
            {
                Content = new ByteArrayContent(new byte[0]),
            });
        }
        using (HttpClient client = New(signer, new DaxHandlerOptions { JsonWhenEmpty = true }))
        {
            await Expect(200, client, new HttpRequestMessage(HttpMethod.Get, home + "/get-empty"));
        }
    }

    private static async Task Fields(DaxSigner signer, string home)
    {
        using (HttpClient client = New(signer))
        {
            client.DefaultRequestHeaders.UserAgent.ParseAdd("Doors/1.0 (linux) Library/2");
            HttpRequestMessage request = Post(home + "/fields");
            request.Headers.TryAddWithoutValidation("X-Tags", new[] { "one", " two" });
            request.Headers.TryAddWithoutValidation("X-Tags", "three");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/plain", 0.5));
            request.Headers.TransferEncodingChunked = true;
            request.Headers.TryAddWithoutValidation("Date", "Sun, 17 May 2020 12:44:30 GMT");
            request.Headers.TryAddWithoutValidation("Signature", "old");
            await Expect(200, client, request);
        }
    }

    private static async Task Redirects(DaxSigner signer, string home, string other)
    {
        using (HttpClient client = New(signer))
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
            await Expect(200, client, Post(home + "/307-home"));
            await Expect(200, client, Post(home + "/307-other"));
            await Expect(200, client, Post(home + "/301"));
            await Expect(200, client, Post(home + "/301"));
            await Expect(200, client, Post(home + "/302"));
            await Expect(303, client, Post(home + "/303"));
            var circle = Program.Throws<HttpRequestException>(
                () => client.SendAsync(Post(home + "/circle")).GetAwaiter().GetResult(), "circle");
            Program.True(circle.Message.Contains("10 times"), circle.Message);
        }
        using (HttpClient client = New(signer, new DaxHandlerOptions { MaxRedirects = 0 }))
        {
            await Expect(307, client, Post(home + "/307-home"));
        }
    }

    /// <summary>Nothing of this may reach the server.</summary>
    private static async Task Refused(DaxSigner signer, string home)
    {
        var inner = new HttpClientHandler();
        using (var client = new HttpClient(new DaxSigningHandler(signer, inner)))
        {
            Program.Equal(false, inner.AllowAutoRedirect, "switched off");
            HttpRequestMessage request = Post(home + "/refused");
            request.Content = new ByteArrayContent(new byte[] { 0xff });
            var error = Program.Throws<DaxSignException>(
                () => client.SendAsync(request).GetAwaiter().GetResult(), "not UTF-8");
            Program.Equal(DaxSignStatus.InvalidBody, error.Status, "not UTF-8");
            request = Post(home + "/refused");
            request.Headers.TryAddWithoutValidation("X-Name", "Åsa");
            error = Program.Throws<DaxSignException>(
                () => client.SendAsync(request).GetAwaiter().GetResult(), "not ASCII");
            Program.Equal("X-Name", error.Field, "not ASCII");
        }
        var used = new HttpClientHandler();
        using (var client = new HttpClient(used))
        {
            await Expect(200, client, new HttpRequestMessage(HttpMethod.Get, home + "/unsigned"));
            var late = Program.Throws<InvalidOperationException>(() => new DaxSigningHandler(signer, used), "used");
            Program.True(late.Message.Contains("AllowAutoRedirect"), late.Message);
        }
        var primary = new HttpClientHandler();
        var between = new Between { InnerHandler = primary };
        using (var client = new HttpClient(new DaxSigningHandler(signer) { InnerHandler = between }))
        {
            await Expect(200, client, Post(home + "/302"));
            Program.Equal(false, primary.AllowAutoRedirect, "switched off later");
        }
        using (var client = new HttpClient(new DaxSigningHandler(signer, new SocketsHttpHandler())))
        {
            await Expect(200, client, Post(home + "/302"));
        }
        var follower = new HttpClient(new DaxSigningHandler(signer, new Follower()));
        var followed = Program.Throws<InvalidOperationException>(
            () => follower.SendAsync(Post(home + "/refused")).GetAwaiter().GetResult(), "followed");
        Program.True(followed.Message.Contains("by itself"), followed.Message);
    }

    private sealed class Between : DelegatingHandler
    {
    }

    /// <summary>An inner handler that follows redirects and cannot be told not to.</summary>
    private sealed class Follower : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)
        {
            var elsewhere = new HttpRequestMessage(request.Method, "http://elsewhere.example/");
            return Task.FromResult(new HttpResponseMessage { RequestMessage = elsewhere });
        }
    }
}
