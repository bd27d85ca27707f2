using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>Patterns and checkpoint names parse.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NotationAnalyzer() : LayoutAnalyzer(Rule, LayoutErrorKind.Syntax)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0007";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Patterns and names are written in the layout notation",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override Diagnostic Report(LayoutFault fault) =>
        Diagnostic.Create(Rule, fault.Location, fault.Error.Message + In(fault));
}
