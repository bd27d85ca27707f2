using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers;

/// <summary>Tags of rules.</summary>
public static class Tags
{
    /// <summary>
    /// An error that protects an invariant: no setting and no pragma switches it off. The tag of the compiler's own errors is the one
    /// that <c>[SuppressMessage]</c> heeds.
    /// </summary>
    public static string[] Invariant { get; } = [WellKnownDiagnosticTags.NotConfigurable, WellKnownDiagnosticTags.Compiler];
}
