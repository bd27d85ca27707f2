using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>A source has the axes that its parameter has, each once.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SourceElementsAnalyzer() : LayoutAnalyzer(Rule, LayoutErrorKind.AxisTwice, LayoutErrorKind.NoElement)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0009";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A source gives elements of its parameter, each axis once",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override Diagnostic Report(LayoutFault fault) =>
        Diagnostic.Create(Rule, fault.Location, fault.Error.Message + Hint(fault) + In(fault));

    // Where neither side has alternatives, the difference of the axes says it shortly.
    private static string Hint(LayoutFault fault)
    {
        if (fault is not { Error.Kind: LayoutErrorKind.NoElement, Source: { } source }) return "";
        if (Pattern.Parse(fault.Pattern).Alternatives is not [var wanted]) return "";
        var parsed = source.Parse();
        if (parsed.Name.Alternatives is not [var name] || parsed.Pattern.Alternatives is not [var body]) return "";
        var has = (parsed.Joined is null ? name.Over(parsed.Repeated).Loops : []).Concat(body.Loops).Select(static loop => loop.Key).ToList();
        var needs = wanted.Loops.Select(static loop => loop.Key).ToList();
        return List(needs.Except(has), "lacks") + List(has.Except(needs), "should not have");
    }

    private static string List(IEnumerable<string> axes, string what) => axes.ToList() switch
    {
        [] => "",
        var some => $" The source {what} {string.Join(" and ", some.Select(static axis => $"\"{axis}\""))}.",
    };
}
