using System.Collections.Immutable;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>The sources of one format leave no gap.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GapAnalyzer() : LayoutAnalyzer(Rule, LayoutErrorKind.Gap)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0011";

    /// <summary>The property of a diagnostic that has the axes of the missing source, slowest first.</summary>
    public const string Axes = nameof(Axes);

    /// <summary>The property of a diagnostic that has the part of the missing source, if any.</summary>
    public const string Part = nameof(Part);

    /// <summary>The property of a diagnostic that has the format of the missing source, if any.</summary>
    public const string Format = nameof(Format);

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "The sources of a parameter give every element",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override Diagnostic Report(LayoutFault fault)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, string?>();
        var missing = Placement.Of([Alternative.Empty], Pattern.Parse(fault.Pattern).Alternatives)
            .FirstOrDefault(placement => fault.Error.Message.Contains($" {placement.Describe(null)} of "));
        if (missing is not null)
        {
            var axes = missing.Loops.Select(static loop => loop.Key).ToList();
            if (missing.Body.Tags is [.. var outer, var tag])
            {
                properties.Add(Part, tag);
                // "Part" says one; the others are the pattern's own.
                foreach (var other in outer) axes = [$"({other}: {axes.FirstOrDefault() ?? "1"})", .. axes.Skip(1)];
            }
            properties.Add(Axes, string.Join(" ", axes));
        }
        if (fault.Format is { Length: > 0 } format) properties.Add(Format, format);
        return Diagnostic.Create(Rule, fault.Location, properties.ToImmutable(), fault.Error.Message + In(fault));
    }
}
