using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>A pattern to leave alone matches something.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UselessIgnoreAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Ignore)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0060";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A pattern of tensors to leave alone matches some of the list",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
