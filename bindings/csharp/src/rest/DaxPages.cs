using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Daxsign
{
    /// <summary>The way through a list, page by page. For one at a time.</summary>
    /// <typeparam name="T">What the list holds.</typeparam>
    public sealed class DaxPages<T>
    {
        /// <summary>How many items are remembered, so that none is given twice when the list moves between pages: more
        /// than the largest pages hold.</summary>
        private const int MaxRemembered = 1024;
        /// <summary>What a server sends whose answer does not say and that was asked for more: its own limit.</summary>
        private const long UsualLimit = 50;

        private readonly DaxClient _client;
        private readonly DaxListOperation<T> _operation;
        private readonly DaxCallOptions _options;
        private readonly HashSet<string> _remembered = new HashSet<string>();
        private readonly Queue<string> _inOrder = new Queue<string>();
        private readonly int _limit;
        private long _offset;
        private bool _ended;

        internal DaxPages(DaxClient client, DaxListOperation<T> operation, DaxCallOptions options)
        {
            _client = client;
            _operation = operation;
            _options = options;
            _limit = operation.Limit ?? operation.MaxLimit;
            _offset = operation.Offset ?? 0;
        }

        /// <summary>The page that was read last; what was in an earlier one is left out of it. Null before the
        /// first.</summary>
        public DaxResponse<IReadOnlyList<T>> Current { get; private set; }

        /// <summary>Reads the next page. After one that is shorter than the server's limit none follows, unless the
        /// server knows of more.</summary>
        /// <param name="cancellationToken">Ends it.</param>
        /// <returns>Whether there was one.</returns>
        /// <exception cref="DaxApiException">There is no good answer; or a full page of nothing new
        /// (<see cref="DaxErrorKind.Unexpected"/>): the server does not heed the offset.</exception>
        public async Task<bool> NextAsync(CancellationToken cancellationToken = default(CancellationToken))
        {
            if (_ended)
            {
                return false;
            }
            DaxListOperation<T> next = _operation.At(_offset, _limit);
            Take(await _client.CallAsync(next, _options, cancellationToken).ConfigureAwait(false));
            return true;
        }

        private void Take(DaxResponse<IReadOnlyList<T>> page)
        {
            int count = page.Data.Count;
            var fresh = new List<T>();
            foreach (T item in page.Data)
            {
                if (IsNew(item))
                {
                    fresh.Add(item);
                }
            }
            long seen = _offset + count;
            long? total = page.Paging?.Total;
            _ended = count == 0 || (total >= count ? seen >= total : count < PageLimit(page.Paging?.Limit));
            if (fresh.Count == 0 && !_ended)
            {
                _ended = true;
                throw new DaxApiException(new Failed
                {
                    Kind = DaxErrorKind.Unexpected,
                    What = "the page from " + _offset + " holds nothing new: the server does not heed the offset, and "
                        + "the rest of the list cannot be had",
                    CorrelationId = page.CorrelationId,
                    Sent = DaxSent.Answered,
                });
            }
            _offset = seen;
            Current = page.With<IReadOnlyList<T>>(fresh);
        }

        /// <summary>How many a full page has.</summary>
        private long PageLimit(long? told)
        {
            long most = told > 0 ? told.Value : UsualLimit;
            return most < _limit ? most : _limit;
        }

        private bool IsNew(T item)
        {
            string key = _operation.KeyOf(item);
            if (key == null)
            {
                return true;
            }
            if (!_remembered.Add(key))
            {
                return false;
            }
            _inOrder.Enqueue(key);
            if (_inOrder.Count > MaxRemembered)
            {
                _remembered.Remove(_inOrder.Dequeue());
            }
            return true;
        }
    }
}
