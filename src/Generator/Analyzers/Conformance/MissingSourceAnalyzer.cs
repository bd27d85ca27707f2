using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>Every parameter has a source in a list.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingSourceAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Missing)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0055";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A list that a model conforms to fills every parameter",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
