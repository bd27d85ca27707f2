using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>How methods are compiled that run for each character or each tensor of a list.</summary>
internal static class Hot
{
    /// <summary>
    /// Fully optimised at the first call. A compiler reads a list once, cold: without this its runtime would have read most of it in code that
    /// is not optimised. The name for it, AggressiveOptimization, is younger than the framework that this is built for; older runtimes ignore it.
    /// </summary>
    public const MethodImplOptions Loop = (MethodImplOptions)512;
}
