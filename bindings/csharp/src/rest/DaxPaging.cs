namespace Daxsign
{
    /// <summary>The place of a page in its list.</summary>
    public sealed class DaxPaging
    {
        internal DaxPaging(long? total, long? offset, long? limit)
        {
            Total = total;
            Offset = offset;
            Limit = limit;
        }

        /// <summary>How many there are in all; null where the server does not know.</summary>
        public long? Total { get; }

        /// <summary>How many stand before this page.</summary>
        public long? Offset { get; }

        /// <summary>How many a page holds at most.</summary>
        public long? Limit { get; }
    }
}
