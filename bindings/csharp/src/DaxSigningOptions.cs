using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>How a <see cref="DaxSigner"/> signs. What is not set is what DAX expects.</summary>
    public sealed class DaxSigningOptions
    {
        /// <summary>The components to sign, in this order, such as <c>(request-target)</c>, <c>x-id</c>,
        /// <c>date</c>. Null for the default list: <c>(request-target)</c>, then <c>host</c>, <c>content-type</c> and
        /// <c>content-length</c> as far as the request has them, then <c>date</c>.</summary>
        [AllowNull, MaybeNull]
        public IReadOnlyList<string> Components { get; set; }

        /// <summary>How much of the target is signed.</summary>
        public DaxTargetForm TargetForm { get; set; } = DaxTargetForm.Path;

        /// <summary>Which <c>Content-Type</c> a request must have.</summary>
        public DaxContent Content { get; set; } = DaxContent.Any;

        /// <summary><see cref="DaxPolicy.Interop"/> signs a body without <c>Content-Length</c> with the default list
        /// too, for receivers that accept it: <see cref="DaxPolicy.Strict"/> refuses it
        /// (<see cref="DaxSignStatus.UnboundBody"/>). Lists of your own are signed as they are.</summary>
        public DaxPolicy Policy { get; set; } = DaxPolicy.Strict;
    }
}
