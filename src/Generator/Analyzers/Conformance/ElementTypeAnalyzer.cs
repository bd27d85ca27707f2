using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>An element type of a list is one that the source takes.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ElementTypeAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Type)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0058";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A listed element type is one that its source takes",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
