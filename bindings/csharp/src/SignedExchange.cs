using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Daxsign
{
    /// <summary>One request on its way through redirects: makes the message for each step, signed as it goes on the
    /// wire, and judges the answers.</summary>
    internal sealed class SignedExchange
    {
        private const int MovedPermanently = 301;
        private const int Found = 302;
        private const int TemporaryRedirect = 307;
        private const int PermanentRedirect = 308;
        private const char LastAscii = '\u007e';

        /// <summary>What proves who the user is: for the origin that it was given for, and no other.</summary>
        private static readonly string[] Credentials = { "Authorization", "Cookie" };

        /// <summary>What is written anew for each message.</summary>
        private static readonly string[] Replaced = { "Host", "Date", "Signature", "Transfer-Encoding" };

        private readonly DaxSigner _signer;
        private readonly DaxHandlerOptions _options;
        private readonly RedirectMemory _memory;
        private readonly HttpRequestMessage _request;
        private readonly byte[] _body;
        private readonly Uri _start;
        private Uri _target;
        private int _redirects;

        // `body` is null where the request has no content.
        internal SignedExchange(
            DaxSigner signer, DaxHandlerOptions options, RedirectMemory memory, HttpRequestMessage request, byte[] body)
        {
            _signer = signer;
            _options = options;
            _memory = memory;
            _request = request;
            _body = body ?? DefaultBody();
            if (request.RequestUri == null || !request.RequestUri.IsAbsoluteUri)
            {
                throw new InvalidOperationException("A request to sign needs an absolute address.");
            }
            _start = WithoutFragment(request.RequestUri);
            _target = _start;
            FollowRemembered();
        }

        /// <summary>The message of the next step, with a fresh date and its signature.</summary>
        internal HttpRequestMessage Next()
        {
            var message = new HttpRequestMessage(_request.Method, _target) { Version = _request.Version };
            try
            {
                CopyFields(message);
                message.Headers.TryAddWithoutValidation("Host", HostField());
                message.Headers.TryAddWithoutValidation("Date", DaxDate.Format(_options.Clock()));
                if (_body != null)
                {
                    message.Content = Content();
                }
                DaxRequest sent = AsSent(message, _target, _body);
                string signature = _options.OfClient ? _signer.SignCall(sent) : _signer.Sign(sent);
                message.Headers.TryAddWithoutValidation("Signature", signature);
                return message;
            }
            catch
            {
                message.Dispose();
                throw;
            }
        }

        /// <summary>Whether an answer sends the request elsewhere, where the next message then goes.</summary>
        internal bool Follow(HttpResponseMessage response)
        {
            Uri answered = response.RequestMessage?.RequestUri;
            if (answered != null && answered != _target)
            {
                throw new InvalidOperationException(
                    "The inner handler followed a redirect from " + _target + " to " + answered + " by itself, with a "
                    + "signature for another address: switch that off in it (AllowAutoRedirect = false).");
            }
            int status = (int)response.StatusCode;
            bool permanent = status == MovedPermanently || status == PermanentRedirect;
            Uri location = response.Headers.Location;
            if ((!permanent && status != Found && status != TemporaryRedirect)
                || location == null || _options.MaxRedirects == 0)
            {
                return false;
            }
            Uri next = WithoutFragment(new Uri(_target, location));
            CheckScheme(next);
            if (permanent)
            {
                _memory.Remember(_target, next);
            }
            Go(next);
            FollowRemembered();
            return true;
        }

        private void FollowRemembered()
        {
            Uri next;
            while (_options.MaxRedirects > 0 && (next = _memory.Find(_target)) != null)
            {
                Go(next);
            }
        }

        private void Go(Uri next)
        {
            if (++_redirects > _options.MaxRedirects)
            {
                throw new HttpRequestException(
                    "The request to " + _start + " was redirected more than " + _options.MaxRedirects + " times, "
                    + "at last to " + next + ": the server redirects in a circle, or MaxRedirects is too small.");
            }
            _target = next;
        }

        private void CheckScheme(Uri next)
        {
            bool http = next.Scheme == "http" || next.Scheme == "https";
            if (!http || (_target.Scheme == "https" && next.Scheme == "http"))
            {
                throw new HttpRequestException(
                    "The redirect from " + _target + " to " + next + " was not followed: it leads away from "
                    + _target.Scheme + ".");
            }
        }

        /// <summary>The fields of the request, those with several values as the one line that is sent.</summary>
        private void CopyFields(HttpRequestMessage message)
        {
            bool home = SameOrigin(_start, _target);
            foreach (KeyValuePair<string, IEnumerable<string>> field in _request.Headers)
            {
                if (!Has(Replaced, field.Key) && (home || !Has(Credentials, field.Key)))
                {
                    message.Headers.TryAddWithoutValidation(field.Key, Join(field.Key, field.Value));
                }
            }
#if NET5_0_OR_GREATER
            foreach (KeyValuePair<string, object> option in _request.Options)
            {
                ((IDictionary<string, object>)message.Options)[option.Key] = option.Value;
            }
            message.VersionPolicy = _request.VersionPolicy;
#else
            foreach (KeyValuePair<string, object> property in _request.Properties)
            {
                message.Properties[property.Key] = property.Value;
            }
#endif
        }

        private string HostField()
        {
            string own = _request.Headers.Host;
            if (!string.IsNullOrEmpty(own) && SameOrigin(_start, _target))
            {
                return own;
            }
            string host = _target.HostNameType == UriHostNameType.IPv6 ? _target.Host : _target.IdnHost;
            return _target.IsDefaultPort ? host : host + ":" + _target.Port;
        }

        private HttpContent Content()
        {
            var content = new ByteArrayContent(_body);
            if (_request.Content == null)
            {
                if (_options.JsonWhenEmpty)
                {
                    content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                }
            }
            else
            {
                foreach (KeyValuePair<string, IEnumerable<string>> field in _request.Content.Headers)
                {
                    if (!string.Equals(field.Key, "Content-Length", StringComparison.OrdinalIgnoreCase))
                    {
                        content.Headers.TryAddWithoutValidation(field.Key, Join(field.Key, field.Value));
                    }
                }
            }
            content.Headers.ContentLength = _body.Length;
            return content;
        }

        /// <summary>What a request without content is sent with: nothing where HTTP expects no body, else an empty
        /// one, so that its length is signed.</summary>
        private byte[] DefaultBody()
        {
            if (_options.JsonWhenEmpty)
            {
                return Text.Bytes("{}");
            }
            switch (_request.Method.Method.ToUpperInvariant())
            {
                case "GET":
                case "HEAD":
                case "DELETE":
                case "OPTIONS":
                case "TRACE":
                    return null;
                default:
                    return new byte[0];
            }
        }

        /// <summary>The message as its bytes go on the wire: values are read back from where they are sent.</summary>
        internal static DaxRequest AsSent(HttpRequestMessage message, Uri target, byte[] body)
        {
            var request = new DaxRequest(
                message.Method.Method, target.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped));
            Add(request, message.Headers);
            if (message.Content != null)
            {
                Add(request, message.Content.Headers);
                request.Body = body;
            }
            return request;
        }

        private static void Add(DaxRequest request, HttpHeaders headers)
        {
            foreach (KeyValuePair<string, IEnumerable<string>> field in headers)
            {
                string value = Join(field.Key, field.Value);
                foreach (char character in value)
                {
                    if (character > LastAscii)
                    {
                        throw new DaxSignException(
                            DaxSignStatus.InvalidHeaderValue,
                            "invalid-header-value: the field `" + field.Key + "` holds a character outside ASCII, "
                            + "which HttpClient does not send as it is: encode it.",
                            field.Key);
                    }
                }
                request.With(field.Key, value);
            }
        }

        /// <summary>Several values of a field as HttpClient writes them on one line.</summary>
        private static string Join(string name, IEnumerable<string> values)
        {
            if (string.Equals(name, "User-Agent", StringComparison.OrdinalIgnoreCase))
            {
                return string.Join(" ", values);
            }
            // RFC 6265, 5.4.
            bool cookie = string.Equals(name, "Cookie", StringComparison.OrdinalIgnoreCase);
            return string.Join(cookie ? "; " : ", ", values);
        }

        private static bool Has(string[] names, string name)
        {
            return Array.Exists(names, known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase));
        }

        internal static bool SameOrigin(Uri one, Uri other)
        {
            return one.Scheme == other.Scheme && one.Port == other.Port
                && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
        }

        /// <summary>A fragment is never sent.</summary>
        internal static Uri WithoutFragment(Uri address)
        {
            return address.Fragment.Length == 0
                ? address
                : new Uri(address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped));
        }
    }
}
