using Lanyard.Generator.Analyzers.Members;
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

    private static string Hint(LayoutFault fault)
    {
        if (fault is not { Error.Kind: LayoutErrorKind.NoElement, Source: { } source }) return "";
        return Lying(fault, source) is { Length: > 0 } part ? part : Difference(fault, source);
    }

    /// <summary>The part of the parameter in which the source would give elements, if it said so.</summary>
    private static string Lying(LayoutFault fault, LayoutSource source)
    {
        var parts = Declared.Tags(Pattern.Parse(fault.Pattern))
            .Where(tag => tag != source.Part && Layout.Check(fault.Pattern, [source with { Part = tag }], fault.Axes).All(static error => error.SourceIndex < 0))
            .ToList();
        if (parts.Count == 0) return "";

        // "q_proj.weight" lies in q, also where k would do.
        var words = source.Name.Split('.', '_', '-');
        var part = parts.Find(tag => words.Contains(tag));
        var others = part is null && parts.Count > 1 ? $", or {string.Join(" or ", parts.Skip(1).Select(static tag => $"Part = \"{tag}\""))}" : "";
        return $" Name the part of the parameter in which it lies: [FromCheckpoint(\"{source.Name}\", \"{source.Pattern}\", Part = \"{part ?? parts[0]}\")]{others}.";
    }

    // Where neither side has alternatives, the difference of the axes says it shortly.
    private static string Difference(LayoutFault fault, LayoutSource source)
    {
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
