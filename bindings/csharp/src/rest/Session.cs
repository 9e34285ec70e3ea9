using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Daxsign
{
    /// <summary>What the calls of a client share: connections, token, dates, permanent redirects.</summary>
    internal sealed class Session : IDisposable
    {
        private const string FormType = "application/x-www-form-urlencoded";
        internal const int MaxTarget = 8000;

        private readonly HttpMessageHandler _own;
        private readonly HttpMessageInvoker _signing;
        private readonly HttpMessageInvoker _plain;

        internal Session(DaxClientOptions options, DaxSigner signer)
        {
            Options = options;
            if (options.BaseAddress.UserInfo.Length > 0)
            {
                throw DaxApiException.Invalid("the base address holds a user's name");
            }
            CheckPlain(options.BaseAddress);
            _own = options.Handler == null ? OwnHandler(options.BaseAddress) : null;
            HttpMessageHandler inner = options.Handler ?? _own;
            Dates = new Dates(options.Clock);
            var steps = new DaxHandlerOptions { Clock = Dates.Next, MaxRedirects = 0, OfClient = true };
            // The handler signs each step; the client follows redirects.
            _signing = new HttpMessageInvoker(new DaxSigningHandler(signer, inner, steps), false);
            _plain = new HttpMessageInvoker(inner, false);
            Answers = new AnswerSignature(signer, options.Answers, options.Clock);
            Tokens = new Tokens(FetchAsync);
        }

        /// <summary>A proxy sees the server's name alone: what is not encrypted goes straight. The API knows no
        /// cookies.</summary>
#if NET8_0_OR_GREATER
        private static SocketsHttpHandler OwnHandler(Uri address)
        {
            return new SocketsHttpHandler
            {
                UseCookies = false,
                UseProxy = address.Scheme == "https",
                // A client that lives long follows a name to another address.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            };
        }
#else
        private static HttpClientHandler OwnHandler(Uri address)
        {
            return new HttpClientHandler { UseCookies = false, UseProxy = address.Scheme == "https" };
        }
#endif

        internal DaxClientOptions Options { get; }

        internal Dates Dates { get; }

        internal MovedPaths Moved { get; } = new MovedPaths();

        internal AnswerSignature Answers { get; }

        internal Tokens Tokens { get; }

        public void Dispose()
        {
            _own?.Dispose();
        }

        internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, bool signed, CancellationToken cancel)
        {
            return (signed ? _signing : _plain).SendAsync(message, cancel);
        }

        /// <summary>Where a request goes now.</summary>
        internal Uri Address(ApiRequest request)
        {
            string target = Options.ApiPath + request.Target;
            if (target.Length > MaxTarget)
            {
                throw DaxApiException.Invalid(
                    "path and query have " + target.Length + " characters: at most " + MaxTarget + " are sent");
            }
            return Moved.Current(new Uri(Options.BaseAddress, target), Options.MaxRedirects);
        }

        internal bool IsHome(Uri address)
        {
            return SignedExchange.SameOrigin(address, Options.BaseAddress);
        }

        /// <summary>Password and token go to https, or to this machine.</summary>
        internal void CheckPlain(Uri address)
        {
            bool https = address.Scheme == "https";
            if (!https && (address.Scheme != "http" || !(address.IsLoopback || Options.AllowPlainHttp)))
            {
                throw DaxApiException.Invalid(
                    address.GetLeftPart(UriPartial.Authority) + " is not https: password and token can be read on the "
                    + "way (AllowPlainHttp sends them all the same)");
            }
        }

        private async Task<Token> FetchAsync()
        {
            string form = "grant_type=password&username=" + Draft.Encoded(Options.User)
                + "&password=" + Draft.Encoded(Options.Password.Reveal()) + "&client_id=" + Options.ClientId;
            if (Options.Scope != null)
            {
                form += "&scope=" + Draft.Encoded(Options.Scope);
            }
            var run = new CallRun(
                this, "POST", new Uri(Options.BaseAddress, Options.TokenPath), Text.Bytes(form), FormType, Repeat.Always)
            {
                IsToken = true,
            };
            Answered answered = await run.RunAsync(Options.Timeout, CancellationToken.None).ConfigureAwait(false);
            try
            {
                return Token.Read(answered.Envelope.Data);
            }
            catch (FormatException wrong)
            {
                throw answered.Unexpected(wrong);
            }
        }
    }
}
