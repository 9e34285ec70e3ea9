namespace Daxsign
{
    /// <summary>How much of the request target is signed.</summary>
    public enum DaxTargetForm : uint
    {
        /// <summary>The path: everything before the first <c>?</c>. What DAX expects; the query is not
        /// protected.</summary>
        Path = 0,

        /// <summary>The whole target with its query, for peers that expect it.</summary>
        Full = 1,
    }
}
