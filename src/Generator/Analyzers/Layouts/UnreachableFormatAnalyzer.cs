using System.Globalization;
using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Analyzers.Operations;
using Lanyard.Generator.Parsing;
using Lanyard.Layouts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Layouts;

/// <summary>A checkpoint can bring every format, and something fills every parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnreachableFormatAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0012";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Every parameter can be filled, and every format told apart",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var cancel = context.CancellationToken;
        HashSet<string>? assigned = null;
        foreach (var (property, _) in Declared.Parameters(type))
        {
            if (property.Attribute("FromCheckpointAttribute") is null)
            {
                assigned ??= Assigned(type, context.Compilation, cancel);
                if (!assigned.Contains(property.Name))
                    context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Member(property), $"Nothing fills parameter \"{property.Name}\": name its tensors with [FromCheckpoint], or assign it in a [PostLoad] method"));
                continue;
            }
            foreach (var (source, message) in Unreachable(property, format => ChildFormats.MayHave(context.Compilation, format, cancel)))
                context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Named(source.Attribute, "Format", property, cancel), message));
        }
    }

    private static HashSet<string> Assigned(INamedTypeSymbol type, Compilation compilation, CancellationToken cancel)
    {
        var reader = new SourceReader(compilation, cancel);
        var parameters = ParameterParser.Find(type.GetMembers(), reader);
        var assigned = new HashSet<string>(new PostLoadParser(type, parameters, reader).Parse().SelectMany(static method => method.Writes).Select(position => parameters[position].Name));
        // A constant that the constructor makes is filled; what has no setter is another rule's.
        assigned.UnionWith(AssignedNames.ByConstructors(type, cancel).Select(static names => names.Key));
        assigned.UnionWith(AssignedNames.ByPostLoads(type, cancel).Select(static names => names.Key));
        return assigned;
    }

    private static IEnumerable<(DeclaredSource Source, string Message)> Unreachable(IPropertySymbol property, Func<string, bool> isNamed)
    {
        var sources = Declared.Sources(property);
        foreach (var source in sources)
        {
            if (source is { Format: "" } && source.Attribute.NamedArguments.Any(static argument => argument.Key == "Format"))
                yield return (source, "A format without a name is the one that all sources without \"Format\" belong to: leave it out, or name it");
        }
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var format in sources.GroupBy(static source => source.Format))
        {
            var tensors = string.Join("\n", format.Select(Tensors).OrderBy(static tensor => tensor, StringComparer.Ordinal));
            if (!seen.TryGetValue(tensors, out var first))
                seen.Add(tensors, format.Key);
            else if (!isNamed(format.Key) && !isNamed(first))
                yield return (format.First(), $"The format \"{format.Key}\" has the same tensors, laid out the same, as {(first.Length == 0 ? "the one without a name" : $"\"{first}\"")}: no checkpoint could tell them apart; remove one");
        }
    }

    // All that a checkpoint, or the loader's own choice between formats, can go by.
    private static string Tensors(DeclaredSource source) => string.Join(
        "\t",
        NamePattern.TryParse(source.Layout.Name, out var name, out _) ? name.ToString() : source.Layout.Name,
        Pattern.TryParse(source.Layout.Pattern, out var pattern, out _) ? pattern.ToString() : source.Layout.Pattern,
        source.Layout.Part,
        string.Join("\t", source.Attribute.NamedArguments
            .Where(static argument => argument.Key is "Encoding" or "Scale" or "BlockSize" or "Packing" or "Offset")
            .OrderBy(static argument => argument.Key, StringComparer.Ordinal)
            .Select(static argument => string.Format(CultureInfo.InvariantCulture, "{0}={1}", argument.Key, argument.Value.Value))));
}
