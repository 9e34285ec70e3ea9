using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http;

namespace Daxsign
{
    /// <summary>Where a <see cref="DaxClient"/> calls, and as whom. How it signs is its <see cref="DaxSigner"/>'s:
    /// <see cref="DaxSigner.Observed(DaxPrivateKey)"/>.</summary>
    public sealed class DaxClientOptions
    {
        private const int DefaultMaxBody = 16 << 20;
        private string _apiPath = "/api/v2.0";
        private string _tokenPath = "/oauth/token";
        private DaxAnswers _answers = DaxAnswers.Any;
        private Func<DateTimeOffset> _clock = () => DateTimeOffset.UtcNow;

        /// <summary>With what a client must have.</summary>
        /// <param name="baseAddress">Scheme, host and port, such as <c>https://api-prod.dax.amido.io</c>.</param>
        /// <param name="clientId">The caller's own instance, whose key signs; not the target's.</param>
        /// <param name="user">The user's name.</param>
        /// <param name="password">The user's password.</param>
        public DaxClientOptions(Uri baseAddress, Guid clientId, string user, DaxSecret password)
        {
            BaseAddress = baseAddress ?? throw new ArgumentNullException(nameof(baseAddress));
            ClientId = clientId;
            User = user ?? throw new ArgumentNullException(nameof(user));
            Password = password ?? throw new ArgumentNullException(nameof(password));
        }

        /// <summary>Scheme, host and port.</summary>
        public Uri BaseAddress { get; }

        /// <summary>The caller's own instance.</summary>
        public Guid ClientId { get; }

        /// <summary>The user's name.</summary>
        public string User { get; }

        /// <summary>The user's password.</summary>
        public DaxSecret Password { get; }

        /// <summary>What stands before the operations' paths.</summary>
        public string ApiPath
        {
            get { return _apiPath; }
            set { _apiPath = value ?? throw new ArgumentNullException(nameof(value)); }
        }

        /// <summary>Where tokens are asked for.</summary>
        public string TokenPath
        {
            get { return _tokenPath; }
            set { _tokenPath = value ?? throw new ArgumentNullException(nameof(value)); }
        }

        /// <summary>The scope of tokens; null to ask for none.</summary>
        [AllowNull, MaybeNull]
        public string Scope { get; set; } = "daxapi";

        /// <summary>How the name of <see cref="DaxCallOptions.Context"/> is spelt.</summary>
        public DaxContextName ContextName { get; set; } = DaxContextName.Upper;

        /// <summary>How long a call may take in all, with its token, redirects and pauses.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>The longest pause that a call makes because the server asks for it.</summary>
        public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>How often a call is sent again: a <c>GET</c> always, what changes something only if nothing was
        /// sent, what creates, grants or opens a door never.</summary>
        public int Retries { get; set; } = 2;

        /// <summary>How many redirects one call may take.</summary>
        public int MaxRedirects { get; set; } = 5;

        /// <summary>The largest body of an answer, in bytes.</summary>
        public int MaxBody { get; set; } = DefaultMaxBody;

        /// <summary>Sends to <c>http</c> addresses beyond this machine, where anybody can read password and
        /// token.</summary>
        public bool AllowPlainHttp { get; set; }

        /// <summary>What is asked of the exchange's signature on answers.</summary>
        public DaxAnswers Answers
        {
            get { return _answers; }
            set { _answers = value ?? throw new ArgumentNullException(nameof(value)); }
        }

        /// <summary>Sends; null for a new <see cref="HttpClientHandler"/> without cookies, which uses a proxy for https
        /// alone. Proxy, client certificate and trusted roots
        /// are set in it. It stays yours, and its own following of redirects is switched off.</summary>
        [AllowNull, MaybeNull]
        public HttpMessageHandler Handler { get; set; }

        /// <summary>The clock for the <c>Date</c> field; it must be right to a few minutes.</summary>
        public Func<DateTimeOffset> Clock
        {
            get { return _clock; }
            set { _clock = value ?? throw new ArgumentNullException(nameof(value)); }
        }

        /// <summary>Is told of every call that ended with an answer or a <see cref="DaxApiException"/>, on the caller's
        /// thread or the pool's; null for nobody. It must not throw. Not of calls that were cancelled, whose request
        /// cannot be signed (<see cref="DaxSignException"/>), or that were refused before they began
        /// (<see cref="DaxErrorKind.Invalid"/>): nothing but their exception tells of those.</summary>
        [AllowNull, MaybeNull]
        public Action<DaxCallReport> Ended { get; set; }
    }
}
