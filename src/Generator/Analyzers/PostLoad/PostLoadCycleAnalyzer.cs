using Lanyard.Generator.Models;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.PostLoad;

/// <summary>Post-load methods have an order in which each reads what others have finished.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PostLoadCycleAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0030";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Post-load methods do not wait for each other",
        "\"{0}\" reads what \"{1}\" assigns, which in the end waits for \"{0}\": there is no order in which they can run. Break the circle, or make them one method.",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        var reader = new SourceReader(context.Compilation, context.CancellationToken);
        var parameters = ParameterParser.Find(type.GetMembers(), reader);
        var methods = new PostLoadParser(type, parameters, reader).Parse();
        foreach (var method in methods)
        {
            if (Next(method, methods).FirstOrDefault(next => Reaches(next, method, methods, [])) is { } next && type.GetMembers(method.Method).FirstOrDefault() is { } symbol)
                context.ReportDiagnostic(Diagnostic.Create(Rule, symbol.Locations[0], method.Method, next.Method));
        }
    }

    /// <summary>The methods that must run before one: those that assign what it only reads.</summary>
    private static IEnumerable<PostLoadModel> Next(PostLoadModel method, EquatableArray<PostLoadModel> all) => all.Where(other =>
        other != method && other.Writes.Any(written => method.Reads.Contains(written) && !method.Writes.Contains(written)));

    private static bool Reaches(PostLoadModel from, PostLoadModel to, EquatableArray<PostLoadModel> all, HashSet<string> seen) =>
        from == to || (seen.Add(from.Method) && Next(from, all).Any(next => Reaches(next, to, all, seen)));
}
