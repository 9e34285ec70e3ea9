namespace Daxsign
{
    /// <summary>How the name of a context is spelt in a body.</summary>
    public enum DaxContextName
    {
        /// <summary><c>Context</c>, as the documentation has it and production was seen to accept.</summary>
        Upper,

        /// <summary><c>context</c>, as the API's description has it.</summary>
        Lower,
    }
}
