namespace Daxsign
{
    /// <summary>Which component lists are accepted for a request with a body.</summary>
    public enum DaxPolicy : uint
    {
        /// <summary><c>content-length</c> is listed and <c>date</c> comes last, so that no byte can move between the
        /// lines and the body.</summary>
        Strict = 0,

        /// <summary>Any list with the required components, as the vendor's SDK sends them.</summary>
        Interop = 1,
    }
}
