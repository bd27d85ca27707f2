using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>There are sizes for which all shapes of a list are right.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContradictingSizesAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Size)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0057";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "There are sizes for which all listed shapes are right",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
