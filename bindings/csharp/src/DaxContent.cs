namespace Daxsign
{
    /// <summary>Which <c>Content-Type</c> a request must have.</summary>
    public enum DaxContent : uint
    {
        /// <summary>Any, as long as a charset named in it is UTF-8.</summary>
        Any = 0,

        /// <summary><c>application/json</c>, as the DAX REST API demands (it answers 400 otherwise).</summary>
        Rest = 1,
    }
}
