namespace Daxsign
{
    /// <summary>When a request may be sent again by itself.</summary>
    internal enum Repeat
    {
        /// <summary>It only reads.</summary>
        Always,

        /// <summary>It changes something: only if nothing was sent.</summary>
        Unsent,

        /// <summary>It creates, grants or opens a door.</summary>
        Never,
    }

    /// <summary>A request before it has an address, a token and a signature.</summary>
    internal sealed class ApiRequest
    {
        internal string Method;

        /// <summary>Path and query below the API's, percent-encoded.</summary>
        internal string Target;

        internal JsonMembers Body;

        internal Repeat Repeat;
    }
}
