using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>Axes divide over the ranks of a topology.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndividedAxisAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Topology)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0061";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The ranks that a class is to conform for can share its axes",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
