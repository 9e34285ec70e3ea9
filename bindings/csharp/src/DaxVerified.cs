using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>What a verified request proves: these components and the body were signed by the key's owner.</summary>
    public sealed class DaxVerified
    {
        internal unsafe DaxVerified(NativeVerified* verified)
        {
            Date = DaxDate.FromNative(verified->Date);
            string list = Text.Of(verified->Components.Data, (int)verified->Components.Length.ToUInt32());
            Components = list.Split(' ');
            SigningStringHash = Text.Copy(verified->StringHash, NativeVerified.DigestSize);
        }

        /// <summary>The request's date.</summary>
        public DateTimeOffset Date { get; }

        /// <summary>The components covered, as they were sent. What is not among them (the query, other fields) is
        /// not protected.</summary>
        public IReadOnlyList<string> Components { get; }

        /// <summary>The SHA-256 of the signing string. To refuse replays by other means than a
        /// <see cref="DaxReplayGuard"/>, keep it together with whose key this was: another key's signature over the
        /// same string is another request.</summary>
        public byte[] SigningStringHash { get; }

        /// <summary>Whether a field is protected by the signature.</summary>
        /// <param name="name">Its name in any case.</param>
        /// <returns>Whether it is among <see cref="Components"/>.</returns>
        public bool Covers(string name)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            foreach (string component in Components)
            {
                if (string.Equals(component, name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
            return false;
        }
    }
}
