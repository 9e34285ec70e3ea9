using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;

namespace Daxsign
{
    /// <summary>Calls the DAX REST API: with a token, signed, redirects followed, what may be sent again sent
    /// again.</summary>
    /// <remarks>One client is for any number of calls at once; they share one token and the connections. The operations
    /// are the classes of <c>Daxsign.Api</c>.</remarks>
    public sealed class DaxClient : IDisposable
    {
        private const string JsonType = "application/json; charset=utf-8";

        private readonly Session _session;
        private volatile bool _disposed;

        /// <summary>A client.</summary>
        /// <param name="options">Where it calls and as whom. Do not change them afterwards.</param>
        /// <param name="signer">How it signs, such as <see cref="DaxSigner.Observed(DaxPrivateKey)"/>; the key of the
        /// caller's own instance.</param>
        /// <exception cref="DaxApiException">The base address is neither https nor this machine
        /// (<see cref="DaxErrorKind.Invalid"/>).</exception>
        public DaxClient(DaxClientOptions options, DaxSigner signer)
        {
            _session = new Session(
                options ?? throw new ArgumentNullException(nameof(options)),
                signer ?? throw new ArgumentNullException(nameof(signer)));
        }

        /// <summary>Calls an operation.</summary>
        /// <typeparam name="T">What it returns.</typeparam>
        /// <param name="operation">One of <c>Daxsign.Api</c>.</param>
        /// <param name="options">Null for none.</param>
        /// <param name="cancellationToken">Ends the call.</param>
        /// <returns>The answer.</returns>
        /// <exception cref="DaxApiException">There is no good answer.</exception>
        /// <exception cref="DaxSignException">The request cannot be signed; nothing was sent then.</exception>
        /// <exception cref="OperationCanceledException">The call was ended.</exception>
        public async Task<DaxResponse<T>> CallAsync<T>(
            DaxOperation<T> operation, [AllowNull] DaxCallOptions options = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            if (operation == null)
            {
                throw new ArgumentNullException(nameof(operation));
            }
            CheckDisposed();
            options = options ?? DaxCallOptions.None;
            options.Check();
            ApiRequest request = operation.Request();
            if (options.Context != null)
            {
                bool upper = _session.Options.ContextName == DaxContextName.Upper;
                request.Body.Set(upper ? "Context" : "context", JsonOf.Text(options.Context));
            }
            byte[] body = Text.Bytes(JsonWriter.Write(DaxJson.Of(request.Body)));
            Uri address = _session.Address(request);
            var run = new CallRun(_session, request.Method, address, body, JsonType, request.Repeat)
            {
                IdempotencyKey = options.IdempotencyKey,
            };
            string label = request.Method + " " + address.AbsolutePath;
            Stopwatch clock = Stopwatch.StartNew();
            try
            {
                TimeSpan timeout = options.Timeout ?? _session.Options.Timeout;
                Answered answered = await run.RunAsync(timeout, cancellationToken).ConfigureAwait(false);
                DaxResponse<T> response = answered.Response(operation.Read);
                Tell(new DaxCallReport(label, response.Status, response.CorrelationId, clock.Elapsed, null));
                return response;
            }
            catch (DaxApiException error)
            {
                Tell(new DaxCallReport(label, error.Status, error.CorrelationId, clock.Elapsed, error.Kind));
                throw;
            }
        }

        /// <summary>A list page by page: <c>while (await pages.NextAsync()) … pages.Current.Data</c>.</summary>
        /// <typeparam name="T">What the list holds.</typeparam>
        /// <param name="operation">The list, from its offset on, in pages of its limit or as large as may be.</param>
        /// <param name="options">Of each page's call; null for none.</param>
        /// <returns>Before the first page; nothing is asked for yet.</returns>
        public DaxPages<T> Pages<T>(DaxListOperation<T> operation, [AllowNull] DaxCallOptions options = null)
        {
            return new DaxPages<T>(this, operation ?? throw new ArgumentNullException(nameof(operation)), options);
        }

        /// <summary>A whole list in memory.</summary>
        /// <typeparam name="T">What the list holds.</typeparam>
        /// <param name="operation">The list, from its offset on.</param>
        /// <param name="options">Of each page's call; null for none.</param>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns>All of it.</returns>
        /// <exception cref="DaxApiException">There is no good answer.</exception>
        public async Task<IReadOnlyList<T>> AllAsync<T>(
            DaxListOperation<T> operation, [AllowNull] DaxCallOptions options = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            DaxPages<T> pages = Pages(operation, options);
            var all = new List<T>();
            while (await pages.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                all.AddRange(pages.Current.Data);
            }
            return all;
        }

        /// <summary>What has these ids, in as few calls as the filter and the length of an address allow. What does not
        /// exist is left out; without ids nothing is asked for.</summary>
        /// <typeparam name="T">What the list holds.</typeparam>
        /// <typeparam name="TId">What its ids are.</typeparam>
        /// <param name="operation">The list with its other filters, such as <c>new ListCardOwners(target)</c>.</param>
        /// <param name="ids">In any order; what stands there twice is asked for once.</param>
        /// <param name="options">Of each call; null for none.</param>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns>What there is.</returns>
        /// <exception cref="DaxApiException">There is no good answer.</exception>
        public async Task<IReadOnlyList<T>> LookUpAsync<T, TId>(
            DaxByIdOperation<T, TId> operation, IEnumerable<TId> ids, [AllowNull] DaxCallOptions options = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            if (operation == null)
            {
                throw new ArgumentNullException(nameof(operation));
            }
            var found = new List<T>();
            foreach (DaxListOperation<T> part in operation.Parts(ids ?? throw new ArgumentNullException(nameof(ids))))
            {
                found.AddRange(await AllAsync(part, options, cancellationToken).ConfigureAwait(false));
            }
            return found;
        }

#if NET8_0_OR_GREATER
        /// <summary>A list, item by item: <c>await foreach</c>. Each page is asked for when it is needed.</summary>
        /// <typeparam name="T">What the list holds.</typeparam>
        /// <param name="operation">The list, from its offset on.</param>
        /// <param name="options">Of each page's call; null for none.</param>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns>The items.</returns>
        /// <exception cref="DaxApiException">There is no good answer.</exception>
        public async IAsyncEnumerable<T> ItemsAsync<T>(
            DaxListOperation<T> operation, [AllowNull] DaxCallOptions options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            DaxPages<T> pages = Pages(operation, options);
            while (await pages.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (T item in pages.Current.Data)
                {
                    yield return item;
                }
            }
        }
#endif

        /// <summary>Asks for a token, if there is none that is good: to see whether user, password and address are
        /// right. Calls do so themselves.</summary>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns>When there is one.</returns>
        /// <exception cref="DaxApiException">There is none.</exception>
        public Task LogInAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            CheckDisposed();
            return _session.Tokens.GetAsync(null, cancellationToken);
        }

        /// <summary>Closes the connections. The signer, its key and a handler of your own stay yours.</summary>
        public void Dispose()
        {
            _disposed = true;
            _session.Dispose();
        }

        private void CheckDisposed()
        {
            if (_disposed)
            {
                throw new ObjectDisposedException(nameof(DaxClient));
            }
        }

        private void Tell(DaxCallReport report)
        {
            _session.Options.Ended?.Invoke(report);
        }
    }
}
