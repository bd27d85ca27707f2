using Lanyard.Generator.Analyzers.Members;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>The sources of one format do not overlap.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OverlapAnalyzer() : LayoutAnalyzer(Rule, LayoutErrorKind.Overlap)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0010";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "No two sources give the same elements",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override Diagnostic Report(LayoutFault fault) =>
        Diagnostic.Create(Rule, fault.Location, fault.Error.Message + Advice(fault) + In(fault));

    private static string Advice(LayoutFault fault) =>
        fault.Source is { } source && Declared.Sources(fault.Parameter).Any(other => other.Layout.Name != source.Name && other.Layout.Part == source.Part && other.Format == (fault.Format ?? other.Format))
            ? " Where a file has the one or the other, state a \"Format\" for each." : "";
}
