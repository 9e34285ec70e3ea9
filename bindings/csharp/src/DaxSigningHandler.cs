using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

namespace Daxsign
{
    /// <summary>Signs every request of an <see cref="HttpClient"/>, and follows redirects with a fresh date and a new
    /// signature.</summary>
    /// <remarks>It writes <c>Host</c>, <c>Date</c>, <c>Content-Length</c> and <c>Signature</c>, holds the body in
    /// memory
    /// to send exactly the bytes that were signed, and leaves the caller's message as it is. The answer's
    /// <c>RequestMessage</c> is the message that was sent last. 301, 302, 307 and 308 are followed with method and body
    /// unchanged; 301 and 308 are remembered as long as the handler lives. <c>Authorization</c> and <c>Cookie</c> go to
    /// the origin (scheme, host and port) of the request's own address only. A redirect from https to http is refused
    /// with an <see cref="HttpRequestException"/>.</remarks>
    public sealed class DaxSigningHandler : DelegatingHandler
    {
        private readonly DaxSigner _signer;
        private readonly DaxHandlerOptions _options;
        private readonly RedirectMemory _memory = new RedirectMemory();
        private volatile bool _prepared;

        /// <summary>A handler whose inner handler is set later: for <c>IHttpClientFactory</c>
        /// (<c>AddHttpMessageHandler</c>). Configure the primary handler with <c>AllowAutoRedirect =
        /// false</c>.</summary>
        /// <param name="signer">Signs; stays yours.</param>
        /// <param name="options">Null for the defaults.</param>
        public DaxSigningHandler(DaxSigner signer, [AllowNull] DaxHandlerOptions options = null)
        {
            _signer = signer ?? throw new ArgumentNullException(nameof(signer));
            _options = options ?? new DaxHandlerOptions();
            if (_options.MaxRedirects < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(options), "MaxRedirects is negative.");
            }
        }

        /// <summary>A handler before another one.</summary>
        /// <param name="signer">Signs; stays yours.</param>
        /// <param name="inner">Sends, such as a new <see cref="HttpClientHandler"/>; its own following of redirects is
        /// switched off.</param>
        /// <param name="options">Null for the defaults.</param>
        /// <exception cref="InvalidOperationException">The inner handler follows redirects and was used
        /// before.</exception>
        public DaxSigningHandler(
            DaxSigner signer, HttpMessageHandler inner, [AllowNull] DaxHandlerOptions options = null)
            : this(signer, options)
        {
            InnerHandler = inner ?? throw new ArgumentNullException(nameof(inner));
            Prepare();
        }

        /// <inheritdoc/>
        /// <exception cref="DaxSignException">The request cannot be signed; nothing was sent then.</exception>
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] body = request.Content == null
                ? null
                : await request.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
            SignedExchange exchange = Begin(request, body);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                HttpResponseMessage response =
                    await base.SendAsync(exchange.Next(), cancellationToken).ConfigureAwait(false);
                if (!Follows(exchange, response))
                {
                    return response;
                }
            }
        }

#if NET5_0_OR_GREATER
        /// <inheritdoc/>
        /// <exception cref="DaxSignException">The request cannot be signed; nothing was sent then.</exception>
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] body = null;
            if (request.Content != null)
            {
                using (var copy = new System.IO.MemoryStream())
                {
                    request.Content.CopyTo(copy, null, cancellationToken);
                    body = copy.ToArray();
                }
            }
            SignedExchange exchange = Begin(request, body);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                HttpResponseMessage response = base.Send(exchange.Next(), cancellationToken);
                if (!Follows(exchange, response))
                {
                    return response;
                }
            }
        }
#endif

        private SignedExchange Begin(HttpRequestMessage request, byte[] body)
        {
            Prepare();
            return new SignedExchange(_signer, _options, _memory, request, body);
        }

        private static bool Follows(SignedExchange exchange, HttpResponseMessage response)
        {
            try
            {
                if (!exchange.Follow(response))
                {
                    return false;
                }
            }
            catch
            {
                response.Dispose();
                throw;
            }
            response.Dispose();
            return true;
        }

        /// <summary>Switches off that the handler which sends follows redirects: it would send the old signature to
        /// the new address.</summary>
        private void Prepare()
        {
            if (_prepared)
            {
                return;
            }
            HttpMessageHandler inner = InnerHandler;
            while (inner is DelegatingHandler)
            {
                inner = ((DelegatingHandler)inner).InnerHandler;
            }
            if (inner == null)
            {
                // Set later; or the send fails and says so.
                return;
            }
            // SocketsHttpHandler and WinHttpHandler have it too, but are not of netstandard2.0.
            SwitchOff(inner, "AllowAutoRedirect");
            SwitchOff(inner, "AutomaticRedirection");
            _prepared = true;
        }

        private static void SwitchOff(HttpMessageHandler handler, string name)
        {
            PropertyInfo property = handler.GetType().GetProperty(name, typeof(bool));
            if (property == null || !(bool)property.GetValue(handler))
            {
                return;
            }
            try
            {
                property.SetValue(handler, false);
            }
            catch (TargetInvocationException error)
            {
                throw new InvalidOperationException(
                    "The inner handler " + handler.GetType().Name + " follows redirects by itself, which would send a "
                    + "signature for another address, and can no longer be changed: set " + name + " = false in it "
                    + "before its first use.",
                    error.InnerException);
            }
        }
    }
}
