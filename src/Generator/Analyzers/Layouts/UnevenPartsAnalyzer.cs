using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>Parts of one dimension, and of dimensions that are alike, are divided over ranks together.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnevenPartsAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0051";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Parts that belong together are divided together, or declared to be whole",
        "\"{0}\" is whole on every tensor-parallel rank, and \"{1}\", {2}, is divided over them: a rank has its part of the one and all of the other, whichever the one reads; declare \"{0}\" with Follows = \"{1}\" or with Shard.Tensor, or, where forward counts on all of it, with Whole = true",
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

        // An axis is one mistake, however many parameters have it.
        var reported = new HashSet<string>(StringComparer.Ordinal);
        var all = new List<(IPropertySymbol Property, AttributeArgumentSyntax? Argument, Pattern Pattern)>();
        foreach (var (property, parameter) in Declared.Parameters(type))
        {
            // What no tensor fills is made on each rank from what that holds.
            if (Declared.Sources(property).Count == 0 || Declared.Text(parameter, 0) is not { } text || !Pattern.TryParse(text, out var pattern, out _)) continue;
            var argument = Locate.Argument(parameter, 0, context.CancellationToken);
            all.Add((property, argument, pattern));
            foreach (var (divided, whole) in UnevenParts.Of(pattern, IsDivided, MayBeWhole)) Report(property, argument, whole, divided, $"in another part of the same dimension of \"{property.Name}\"");
        }
        foreach (var (divided, whole) in UnevenParts.Across(all.ConvertAll(static parameter => parameter.Pattern), IsDivided, MayBeWhole, axes.IsLabelled))
            Report(all[whole.Pattern].Property, all[whole.Pattern].Argument, whole.Axis, divided.Axis, $"which \"{all[divided.Pattern].Property.Name}\" has in its place");

        bool IsDivided(string axis) => axes[axis] == DividedAxes.Ranks.Tensor && !axes.IsOfFirstRank(axis);

        bool MayBeWhole(string axis) => axes[axis] != DividedAxes.Ranks.None || axes.IsDeclaredWhole(axis);

        void Report(IPropertySymbol property, AttributeArgumentSyntax? argument, AxisNode whole, AxisNode divided, string where)
        {
            if (reported.Add(whole.Name)) context.ReportDiagnostic(Diagnostic.Create(Rule, argument is null ? Locate.Member(property) : Locate.Text(argument, whole.Start, whole.Length), whole.Name, divided.Name, where));
        }
    }
}
