namespace Daxsign
{
    /// <summary>What <see cref="DaxExplanation"/> found out.</summary>
    public enum DaxFinding : uint
    {
        /// <summary>The signature covers exactly the signing string, under <c>profile</c>.</summary>
        Verifies = 1,

        /// <summary>The signature covers another string, made by the mistake <c>name</c>, under
        /// <c>profile</c>.</summary>
        Mistake = 2,

        /// <summary>The signature opens with this key but holds the hash <c>name</c>.</summary>
        OtherHash = 3,

        /// <summary>Nothing known stands in the signature: another key, another operation, or damage.</summary>
        WrongKey = 4,

        /// <summary>The signature opens and holds the SHA-256 <c>digest</c>, which no known mistake gives.</summary>
        Unexplained = 5,

        /// <summary>The signature opens with this key and was made wrongly, by <c>name</c>; of what string is not
        /// known.</summary>
        WrongEncoding = 6,
    }
}
