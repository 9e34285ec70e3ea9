using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>An operation of the API, for <see cref="DaxClient.CallAsync{T}"/>.</summary>
    /// <typeparam name="T">What it returns.</typeparam>
    public abstract class DaxOperation<T>
    {
        /// <summary>Only the operations of <c>Daxsign.Api</c>.</summary>
        internal DaxOperation()
        {
        }

        /// <exception cref="DaxApiException">A limit of the API is exceeded.</exception>
        internal abstract ApiRequest Request();

        /// <exception cref="System.FormatException">The data is something else.</exception>
        internal abstract T Read(AnswerData data);
    }

    /// <summary>An operation that returns a list in pages, for <see cref="DaxClient.Pages{T}"/> too.</summary>
    /// <typeparam name="T">What the list holds.</typeparam>
    public abstract class DaxListOperation<T> : DaxOperation<IReadOnlyList<T>>
    {
        /// <summary>How many a page holds at most; null for the server's default, or with
        /// <see cref="DaxClient.Pages{T}"/> for as many as may be.</summary>
        public int? Limit { get; set; }

        /// <summary>How many to pass over; null for none.</summary>
        public long? Offset { get; set; }

        /// <summary>The most that a page may hold.</summary>
        internal abstract int MaxLimit { get; }

        /// <summary>What an item is known by; null if there is nothing.</summary>
        internal abstract string KeyOf(T item);

        internal DaxListOperation<T> At(long offset, int limit)
        {
            var copy = (DaxListOperation<T>)MemberwiseClone();
            copy.Offset = offset;
            copy.Limit = limit;
            return copy;
        }
    }
}
