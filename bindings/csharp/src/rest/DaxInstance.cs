using System;

namespace Daxsign
{
    /// <summary>The instance that is asked: the target in the path. The caller's own instance is
    /// <see cref="DaxClientOptions.ClientId"/>.</summary>
    public sealed class DaxInstance
    {
        /// <summary>An instance of a partner.</summary>
        /// <param name="partner">The partner's id.</param>
        /// <param name="instance">The instance's id.</param>
        public DaxInstance(Guid partner, Guid instance)
        {
            Partner = partner;
            Instance = instance;
        }

        /// <summary>The partner's id.</summary>
        public Guid Partner { get; }

        /// <summary>The instance's id.</summary>
        public Guid Instance { get; }
    }
}
