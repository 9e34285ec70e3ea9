namespace Daxsign
{
    /// <summary>How far a request got that has no good answer.</summary>
    public enum DaxSent
    {
        /// <summary>Not one byte: nothing was done.</summary>
        Nothing,

        /// <summary>Some or all of it: whether it was done is not known.</summary>
        Maybe,

        /// <summary>The server answered.</summary>
        Answered,
    }
}
