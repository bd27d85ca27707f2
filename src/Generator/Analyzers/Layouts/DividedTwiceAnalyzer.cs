using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>No two axes of an element are divided over the same ranks.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DividedTwiceAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0044";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "No two axes of an element are divided over the same ranks",
        "\"{0}\" and \"{1}\" are both divided over the {2}, so each rank would hold a corner of \"{3}\" and the other elements would be on no rank; divide one of them, or declare another axis of that size that is held whole",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var axes = new DividedAxes(type);
        if (axes.AreWhole) return;
        foreach (var (property, parameter) in Declared.Parameters(type))
        {
            // What no tensor fills is made on each rank from what that holds.
            if (Declared.Sources(property).Count == 0 || Declared.Text(parameter, 0) is not { } text || !Pattern.TryParse(text, out var pattern, out _)) continue;
            var argument = Locate.Argument(parameter, 0, context.CancellationToken);
            var reported = new HashSet<AxisNode>();
            foreach (var (first, second) in AxisPairs.Of(pattern))
            {
                if ((axes[first.Name] & axes[second.Name]) is not (> 0 and var both) || !reported.Add(second)) continue;
                context.ReportDiagnostic(Diagnostic.Create(
                    Rule,
                    argument is null ? Locate.Member(property) : Locate.Text(argument, second.Start, second.Length),
                    first.Name,
                    second.Name,
                    (both & DividedAxes.Ranks.Tensor) != 0 ? "tensor-parallel ranks" : "expert-parallel ranks",
                    property.Name));
            }
        }
    }
}
