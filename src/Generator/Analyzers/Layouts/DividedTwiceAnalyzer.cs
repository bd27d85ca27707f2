using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Lanyard.Generator.Spelling;
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
        var shards = Shards(type);
        if (shards.Count == 0) return;
        foreach (var (property, parameter) in Declared.Parameters(type))
        {
            // What no tensor fills is made on each rank from what that holds.
            if (Declared.Sources(property).Count == 0 || Declared.Text(parameter, 0) is not { } text || !Pattern.TryParse(text, out var pattern, out _)) continue;
            var argument = Locate.Argument(parameter, 0, context.CancellationToken);
            var reported = new HashSet<AxisNode>();
            foreach (var (first, second) in AxisPairs.Of(pattern))
            {
                if (!shards.TryGetValue(first.Name, out var a) || !shards.TryGetValue(second.Name, out var b) || (a & b) is not (> 0 and var both) || !reported.Add(second)) continue;
                context.ReportDiagnostic(Diagnostic.Create(
                    Rule,
                    argument is null ? Locate.Member(property) : Locate.Text(argument, second.Start, second.Length),
                    first.Name,
                    second.Name,
                    (both & Ranks.Tensor) != 0 ? "tensor-parallel ranks" : "expert-parallel ranks",
                    property.Name));
            }
        }
    }

    /// <summary>Over which ranks each axis is divided that is: by itself, or with one that it follows.</summary>
    private static Dictionary<string, Ranks> Shards(INamedTypeSymbol type)
    {
        var axes = new Dictionary<string, AttributeData>(StringComparer.Ordinal);
        foreach (var member in type.GetMembers())
        {
            if (member.Attribute("AxisAttribute") is { } axis) axes[SnakeCase.Of(member.Name)] = axis;
        }
        return axes.Keys.Select(name => (Name: name, Ranks: Of(name, []))).Where(static axis => axis.Ranks != 0).ToDictionary(static axis => axis.Name, static axis => axis.Ranks, StringComparer.Ordinal);

        Ranks Of(string name, HashSet<string> seen)
        {
            if (!seen.Add(name) || !axes.TryGetValue(name, out var axis)) return 0;
            var own = axis.ConstructorArguments.FirstOrDefault() switch
            {
                { Kind: TypedConstantKind.Enum, Value: 1 or 3 } => Ranks.Tensor,
                { Kind: TypedConstantKind.Enum, Value: 2 } => Ranks.Expert,
                _ => (Ranks)0,
            };
            if (axis.Named("Follows") is not string follows || !Pattern.TryParse(AxisParser.Axes(follows), out var leaders, out _)) return own;
            return Nodes.AxesOf(leaders.Items).Aggregate(own, (ranks, leader) => ranks | Of(leader.Name, seen));
        }
    }

    [Flags]
    private enum Ranks
    {
        Tensor = 1,
        Expert = 2,
    }
}
