using Lanyard.Generator.Conformance.Matching;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Conformance;

/// <summary>What a quantised tensor needs beside it is in the list.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HalfFormatAnalyzer() : ConformanceAnalyzer(Rule, ProblemKind.Format)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0059";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "What a quantised tensor needs beside it is in the list",
        "{0}: {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);
}
