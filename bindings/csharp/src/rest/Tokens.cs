using System;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace Daxsign
{
    /// <summary>The token of a client: asked for once, however many calls need it.</summary>
    internal sealed class Tokens
    {
        /// <summary>For how long a password that was refused is not tried again: servers lock users out.</summary>
        private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(30);

        private readonly object _lock = new object();
        private readonly Func<Task<Token>> _fetch;
        private Token _token;
        private Task<Token> _flight;
        private ExceptionDispatchInfo _refusal;
        private Stopwatch _refusedSince;

        // `fetch` asks for a new token and ends by itself in time.
        internal Tokens(Func<Task<Token>> fetch)
        {
            _fetch = fetch;
        }

        /// <summary>A good token. One that a server refused (null for none) is not given again.</summary>
        internal async Task<Token> GetAsync(Token refused, CancellationToken cancel)
        {
            Task<Token> flight;
            lock (_lock)
            {
                if (_token != null && _token != refused && _token.IsFresh)
                {
                    return _token;
                }
                _token = null;
                if (_refusal != null && _refusedSince.Elapsed < RefusalHolds)
                {
                    _refusal.Throw();
                }
                _refusal = null;
                flight = _flight = _flight ?? Task.Run(FlyAsync);
            }
            // One call that is given up ends no other's wait.
            Task ended = await Task.WhenAny(flight, Task.Delay(Timeout.Infinite, cancel)).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
            return await ((Task<Token>)ended).ConfigureAwait(false);
        }

        private async Task<Token> FlyAsync()
        {
            try
            {
                Token token = await _fetch().ConfigureAwait(false);
                lock (_lock)
                {
                    _token = token;
                }
                return token;
            }
            catch (DaxApiException error) when (error.Kind == DaxErrorKind.Unauthorised)
            {
                lock (_lock)
                {
                    _refusal = ExceptionDispatchInfo.Capture(error);
                    _refusedSince = Stopwatch.StartNew();
                }
                throw;
            }
            finally
            {
                lock (_lock)
                {
                    _flight = null;
                }
            }
        }
    }
}
