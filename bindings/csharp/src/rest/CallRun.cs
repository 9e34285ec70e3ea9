using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Daxsign
{
    /// <summary>One call, from its first request to its end: what is sent, and what each answer asks for.</summary>
    internal sealed class CallRun
    {
        private readonly Session _session;
        private readonly string _method;
        private readonly byte[] _body;
        private readonly string _contentType;
        private readonly Repeat _repeat;
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _timeout;
        private Uri _address;
        private int _redirects;
        private int _failed;
        private Token _token;
        private Token _refused;
        private DaxSent _sent;
        private string _date;

        internal CallRun(
            Session session, string method, Uri address, byte[] body, string contentType, Repeat repeat)
        {
            _session = session;
            _method = method;
            _address = address;
            _body = body;
            _contentType = contentType;
            _repeat = repeat;
        }

        /// <summary>Whether it asks for a token: without one, and not signed.</summary>
        internal bool IsToken { get; set; }

        /// <summary>Null for none.</summary>
        internal string IdempotencyKey { get; set; }

        private DaxClientOptions Options
        {
            get { return _session.Options; }
        }

        private string Label
        {
            get { return _method + " " + _address.AbsolutePath; }
        }

        /// <exception cref="DaxApiException">There is no good answer.</exception>
        internal async Task<Answered> RunAsync(TimeSpan timeout, CancellationToken cancel)
        {
            _timeout = timeout;
            using (CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            {
                time.CancelAfter(timeout);
                try
                {
                    return await LoopAsync(time.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    string seconds = timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                    throw Unreachable("no answer within " + seconds + " s", _sent, null);
                }
            }
        }

        private async Task<Answered> LoopAsync(CancellationToken cancel)
        {
            while (true)
            {
                // A token is seen by the server that it is of, and by nobody else.
                bool wantsToken = !IsToken && _session.IsHome(_address);
                _token = wantsToken
                    ? await _session.Tokens.GetAsync(_refused, cancel).ConfigureAwait(false)
                    : null;
                TimeSpan pause;
                Answer answer = null;
                try
                {
                    answer = await SendAsync(cancel).ConfigureAwait(false);
                    pause = TimeSpan.Zero;
                }
                catch (AttemptFailedException failure)
                {
                    pause = AfterFailure(failure);
                }
                if (answer != null && !Goes(answer, ref pause))
                {
                    return Judge(answer);
                }
                if (pause > TimeSpan.Zero)
                {
                    await Task.Delay(pause, cancel).ConfigureAwait(false);
                }
            }
        }

        private async Task<Answer> SendAsync(CancellationToken cancel)
        {
            var message = new HttpRequestMessage(new HttpMethod(_method), _address)
            {
                Content = new ByteArrayContent(_body),
            };
            message.Content.Headers.TryAddWithoutValidation("Content-Type", _contentType);
            message.Headers.TryAddWithoutValidation("Accept", "application/json");
            if (IdempotencyKey != null)
            {
                message.Headers.TryAddWithoutValidation("X-Dax-Idempotency-Key", IdempotencyKey);
            }
            if (_token != null)
            {
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token.Value);
            }
            _sent = DaxSent.Maybe;
            try
            {
                using (HttpResponseMessage response =
                    await _session.SendAsync(message, !IsToken, cancel).ConfigureAwait(false))
                using (cancel.Register(response.Dispose))
                {
                    byte[] body = await ReadAsync(response, cancel).ConfigureAwait(false);
                    // A handler of the caller's own may not tell.
                    HttpRequestMessage sent = response.RequestMessage ?? message;
                    _date = IsToken ? null : Date(sent);
                    return new Answer(response, body) { Request = sent };
                }
            }
            catch (SignerFailedException failure)
            {
                throw new DaxApiException(
                    new Failed
                    {
                        Kind = DaxErrorKind.SignerFailed,
                        What = failure.Message + "; nothing was sent",
                        Request = Label,
                    },
                    failure.InnerException);
            }
            catch (Exception error) when (!(error is DaxSignException) && !(error is DaxApiException))
            {
                cancel.ThrowIfCancellationRequested();
                if (error is HttpRequestException || error is IOException || error is WebException
                    || error is OperationCanceledException)
                {
                    throw new AttemptFailedException(error);
                }
                throw;
            }
        }

        private static string Date(HttpRequestMessage sent)
        {
            IEnumerable<string> values;
            return sent.Headers.TryGetValues("Date", out values) ? string.Join(", ", values) : null;
        }

        /// <summary>The whole body, bounded: one that is shorter than was said broke off.</summary>
        private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
        {
            const int Piece = 16384;
            if (response.Content == null)
            {
                return new byte[0];
            }
            using (Stream stream = await response.Content.ReadAsStreamAsync().ConfigureAwait(false))
            using (var body = new MemoryStream())
            {
                var piece = new byte[Piece];
                int count;
                while ((count = await stream.ReadAsync(piece, 0, Piece, cancel).ConfigureAwait(false)) > 0)
                {
                    body.Write(piece, 0, count);
                    if (body.Length > Options.MaxBody)
                    {
                        throw new DaxApiException(new Failed
                        {
                            Kind = DaxErrorKind.Unexpected,
                            What = "the answer is longer than " + Options.MaxBody + " bytes",
                            Request = Label,
                            Status = (int)response.StatusCode,
                            Sent = DaxSent.Answered,
                        });
                    }
                }
                if (body.Length < (response.Content.Headers.ContentLength ?? 0))
                {
                    throw new IOException("the answer broke off");
                }
                return body.ToArray();
            }
        }

        /// <summary>Whether the call goes on after an answer, and after which pause.</summary>
        private bool Goes(Answer answer, ref TimeSpan pause)
        {
            switch (answer.Status)
            {
                case 301:
                case 302:
                case 307:
                case 308:
                    Redirect(answer);
                    return true;
            }
            int status = StatusOf(answer, Envelope.Read(answer.Body));
            // Under a good status the server may have done it all the same.
            bool undone = answer.Status == 401 || _repeat == Repeat.Always;
            if (status == 401 && undone && _token != null && _refused == null)
            {
                // Once: another token, and a fresh signature.
                _refused = _token;
                return true;
            }
            bool limited = status == 429 || (status >= 502 && status <= 504);
            if (!limited || _repeat != Repeat.Always || _failed >= Options.Retries)
            {
                return false;
            }
            DateTimeOffset now = Options.Clock();
            bool told = status == 429 || answer.Field("Retry-After") != null;
            TimeSpan wait = told ? Pauses.LimitEnd(answer, now) - now : Pauses.Retry(_failed, now);
            if (wait > Options.MaxWait || !IsInTime(wait))
            {
                return false;
            }
            _failed++;
            pause = wait;
            return true;
        }

        /// <summary>A redirect is no error: method and body stay, date and signature are new.</summary>
        private void Redirect(Answer answer)
        {
            if (answer.Location == null)
            {
                throw Refusal(DaxErrorKind.Unexpected, "a redirect without Location", answer);
            }
            string why = null;
            Uri next;
            if (!IsToken && Options.Answers.Required)
            {
                why = "is not signed, and signed answers are required";
                next = null;
            }
            else if (!Uri.TryCreate(_address, answer.Location, out next))
            {
                why = "is no address";
            }
            else if (next.Scheme != "https" && (next.Scheme != "http" || _address.Scheme == "https"))
            {
                why = "leads away from " + _address.Scheme;
            }
            else if (next.Scheme == "http" && !next.IsLoopback && !Options.AllowPlainHttp)
            {
                why = "is not https";
            }
            else if (next.UserInfo.Length > 0)
            {
                why = "holds a user's name";
            }
            else if (IsToken && !_session.IsHome(next))
            {
                why = "leads to another server, to which the password is not sent";
            }
            else if (++_redirects > Options.MaxRedirects)
            {
                why = "is one more than the " + Options.MaxRedirects + " that are followed";
            }
            if (why != null)
            {
                throw Refusal(
                    DaxErrorKind.Unexpected, "the redirect to \"" + Shown(answer.Location) + "\" " + why, answer);
            }
            next = SignedExchange.WithoutFragment(next);
            if (answer.Status == 301 && !IsToken)
            {
                _session.Moved.Remember(_address, next);
            }
            _address = next;
        }

        /// <summary>An address for a message: without a query, and not one with an <c>@</c>, before which a password
        /// may stand.</summary>
        private static string Shown(Uri location)
        {
            string text = location.OriginalString;
            return text.Split(text.Contains("@") ? new[] { ':', '/', '?', '#', '@' } : new[] { '?', '#' })[0];
        }

        /// <summary>Whether a pause ends within the call's time.</summary>
        private bool IsInTime(TimeSpan pause)
        {
            // The longest that Task.Delay takes.
            bool isShort = pause.TotalMilliseconds < int.MaxValue;
            return isShort && (_timeout == Timeout.InfiniteTimeSpan || pause < _timeout - _clock.Elapsed);
        }

        private TimeSpan AfterFailure(AttemptFailedException failure)
        {
            bool may = _repeat == Repeat.Always || (_repeat == Repeat.Unsent && failure.Sent == DaxSent.Nothing);
            TimeSpan pause = Pauses.Retry(_failed, Options.Clock());
            if (!may || failure.Lasting || _failed >= Options.Retries || !IsInTime(pause))
            {
                throw Unreachable(failure.Message, failure.Sent, failure.InnerException);
            }
            _failed++;
            return pause;
        }

        private Answered Judge(Answer answer)
        {
            bool verified;
            try
            {
                verified = !IsToken && _session.Answers.Check(answer);
            }
            catch (FormatException refused)
            {
                throw Refusal(DaxErrorKind.AnswerRefused, refused.Message, answer);
            }
            Envelope envelope = Envelope.Read(answer.Body);
            int status = StatusOf(answer, envelope);
            if (status < 200 || status > 299)
            {
                throw Refused(status, answer, envelope);
            }
            return new Answered { Answer = answer, Envelope = envelope, Verified = verified, Request = Label };
        }

        /// <summary>The status, or the envelope's where that alone tells of a failure.</summary>
        private static int StatusOf(Answer answer, Envelope envelope)
        {
            const int FirstFailure = 400;
            bool inner = answer.Status < FirstFailure && envelope.StatusCode >= FirstFailure;
            return inner ? envelope.StatusCode.Value : answer.Status;
        }

        private DaxApiException Refused(int status, Answer answer, Envelope envelope)
        {
            Failed failed = FailedWith(answer);
            failed.Messages = envelope.AllMessages();
            failed.Status = status;
            failed.CorrelationId = failed.CorrelationId ?? envelope.CorrelationId;
            failed.Kind = KindOf(status, failed);
            failed.What = TextOf(failed.Kind);
            if (failed.Kind == DaxErrorKind.RateLimited)
            {
                failed.RetryAt = Pauses.LimitEnd(answer, Options.Clock());
            }
            return new DaxApiException(failed);
        }

        /// <summary>In what a service says of a signature, or of the date that it covers.</summary>
        private static readonly string[] Signed = { "signature", "[stale-date]", "[future-date]" };

        private DaxErrorKind KindOf(int status, Failed failed)
        {
            if (status == 400 || status == 401 || status == 403)
            {
                foreach (string message in failed.Messages)
                {
                    foreach (string word in Signed)
                    {
                        if (message.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
                        {
                            return DaxErrorKind.SignatureRefused;
                        }
                    }
                }
            }
            switch (status)
            {
                case 400: return IsToken ? DaxErrorKind.Unauthorised : DaxErrorKind.Rejected;
                case 401: return DaxErrorKind.Unauthorised;
                case 403: return DaxErrorKind.ContractRefused;
                case 404: return DaxErrorKind.NotFound;
                case 429: return DaxErrorKind.RateLimited;
            }
            switch (status / 100)
            {
                case 4: return DaxErrorKind.Rejected;
                case 5: return DaxErrorKind.ServerFailed;
                default: return DaxErrorKind.Unexpected;
            }
        }

        private static string TextOf(DaxErrorKind kind)
        {
            switch (kind)
            {
                case DaxErrorKind.SignatureRefused: return "the signature is refused";
                case DaxErrorKind.Unauthorised: return "token or password are refused";
                case DaxErrorKind.ContractRefused: return "not allowed";
                case DaxErrorKind.NotFound: return "not found";
                case DaxErrorKind.RateLimited: return "too many calls";
                case DaxErrorKind.Rejected: return "the request is not accepted";
                case DaxErrorKind.ServerFailed: return "the server failed; whether it did something is not known";
                default: return "an answer that the API does not describe";
            }
        }

        private DaxApiException Refusal(DaxErrorKind kind, string what, Answer answer)
        {
            Failed failed = FailedWith(answer);
            failed.Kind = kind;
            failed.What = what;
            return new DaxApiException(failed);
        }

        private Failed FailedWith(Answer answer)
        {
            return new Failed
            {
                Request = Label,
                Status = answer.Status,
                CorrelationId = answer.CorrelationId,
                Body = answer.Body,
                Sent = DaxSent.Answered,
                Date = _date,
                ClockSkew = answer.Date == null ? (TimeSpan?)null : Options.Clock() - answer.Date.Value,
                CertificateThumbprint = answer.Certificate?.Thumbprint,
            };
        }

        private DaxApiException Unreachable(string text, DaxSent sent, Exception cause)
        {
            string consequence = sent == DaxSent.Nothing ? "nothing was sent"
                : _repeat == Repeat.Always ? "no answer"
                : "whether it was done is not known";
            string origin = _address.GetLeftPart(UriPartial.Authority);
            return new DaxApiException(
                new Failed
                {
                    Kind = DaxErrorKind.Unreachable,
                    What = origin + ": " + text + "; " + consequence,
                    Request = Label,
                    Sent = sent,
                    Date = _date,
                },
                cause);
        }
    }
}
