using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>A listed shape has as many dimensions as the pattern.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TensorRankAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Rank)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0056";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A listed shape has as many dimensions as the pattern of its source",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
