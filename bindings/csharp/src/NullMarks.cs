#if !NET8_0_OR_GREATER
using System;

namespace Daxsign
{
    /// <summary>Stands in for the mark of newer class libraries: what is given out may be null.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.ReturnValue)]
    internal sealed class MaybeNullAttribute : Attribute
    {
    }

    /// <summary>Stands in for the mark of newer class libraries: null may be given.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
    internal sealed class AllowNullAttribute : Attribute
    {
    }
}
#endif
