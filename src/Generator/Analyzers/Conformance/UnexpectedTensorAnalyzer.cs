using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>Every tensor of a list has a home: a parameter that takes it, or a pattern by which it is left alone.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnexpectedTensorAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Unexpected)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0019";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A tensor of a list that a model conforms to has a home",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
