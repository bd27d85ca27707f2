using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>An element of a checkpoint tensor fills one parameter, and a tensor lies in one way.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedSlotAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0016";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Parameters that share a tensor agree on its layout and take different elements",
        "\"{0}\" {1}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var cancel = context.CancellationToken;
        // Of optional parameters an instance can have one or the other.
        var takings = Declared.Parameters(type)
            .Where(static parameter => parameter.Attribute.Named("When") is null)
            .SelectMany(static parameter => Takings(parameter.Property, Declared.Text(parameter.Attribute, 0)))
            .ToList();
        foreach (var group in takings.GroupBy(static taking => (taking.Name, taking.Source.Format)))
        {
            var earlier = new List<Taking>();
            foreach (var taking in group)
            {
                if (earlier.Select(other => Conflict(taking, other)).FirstOrDefault(static conflict => conflict is not null) is { } conflict)
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Location(taking, cancel), taking.Parameter.Name, conflict));
                earlier.Add(taking);
            }
        }
    }

    private static string? Conflict(Taking taking, Taking other)
    {
        var isOther = !SymbolEqualityComparer.Default.Equals(other.Parameter, taking.Parameter);
        var isDeclared = taking.Source.Attribute.Named("Shared") is true && other.Source.Attribute.Named("Shared") is true;
        if (isOther && !isDeclared && taking.Meets(other)) return $"takes elements of \"{taking.Name}\" that \"{other.Parameter.Name}\" takes already: give each what is its own, make them one parameter or, where one tensor stands for both, say Shared = true on both";
        return taking.Pattern == other.Pattern ? null
            : $"says that \"{taking.Name}\" lies as \"{taking.Pattern}\"{(isOther ? $", and \"{other.Parameter.Name}\"" : ", and")} as \"{other.Pattern}\": one of them would read wrong elements; write both the same";
    }

    private static Location Location(Taking taking, CancellationToken cancel) =>
        Locate.Argument(taking.Source.Attribute, 0, cancel)?.GetLocation() ?? Locate.Member(taking.Parameter);

    private static IEnumerable<Taking> Takings(IPropertySymbol property, string? text)
    {
        if (text is null || !Pattern.TryParse(text, out var pattern, out _)) yield break;
        var wanted = Placement.Of([Alternative.Empty], pattern.Alternatives);
        foreach (var source in Declared.Sources(property))
        {
            if (!NamePattern.TryParse(source.Layout.Name, out var name, out _) || !Pattern.TryParse(source.Layout.Pattern, out var given, out _)) continue;
            Pattern? repeat = null;
            if (source.Layout.Repeat is { } axes && !LayoutSource.TryParse(axes, out repeat, out _)) continue;
            var part = source.Layout.Part;
            var identities = new HashSet<string>(wanted.Select(placement => placement.Identity(part)));
            var placements = Placement.Of(new ParsedSource(name, given, part) { Repeat = repeat, Joined = source.Layout.Joined });
            var taken = placements.Where(placement => identities.Contains(placement.Identity(part))).ToList();
            if (taken.Count == 0) continue;
            yield return new Taking(property, source, name.ToString(), given.ToString(), new HashSet<string>(taken.Select(static placement => placement.Identity(null))), taken.Count == placements.Length);
        }
    }

    /// <param name="Parameter">Who takes.</param>
    /// <param name="Source">By which source.</param>
    /// <param name="Name">From tensors of which name.</param>
    /// <param name="Pattern">As which they lie.</param>
    /// <param name="Elements">Which elements, by the axes and tags that place them.</param>
    /// <param name="IsWhole">Whether these are all that the tensors have.</param>
    private sealed record Taking(IPropertySymbol Parameter, DeclaredSource Source, string Name, string Pattern, HashSet<string> Elements, bool IsWhole)
    {
        // Two descriptions of one tensor need not use the same axes; of the whole there is nothing left in any.
        public bool Meets(Taking other) => IsWhole || other.IsWhole || (Pattern == other.Pattern && Elements.Overlaps(other.Elements));
    }
}
